//! Forms of ids and names by resource type, as AWS makes them.

use super::super::Schema;

/// What the ids of a type begin with: `vpc-` and seventeen hexadecimal digits.
pub(super) fn prefix(type_name: &str) -> Option<&'static str> {
    let (service, kind) = type_name.rsplit_once("::")?;
    let prefix = match service {
        "AWS::EC2" => match kind {
            "CapacityReservation" => "cr-",
            "CustomerGateway" => "cgw-",
            "DHCPOptions" => "dopt-",
            "EgressOnlyInternetGateway" => "eigw-",
            "FlowLog" => "fl-",
            "Instance" => "i-",
            "InternetGateway" => "igw-",
            "LaunchTemplate" => "lt-",
            "LocalGatewayRouteTable" => "lgw-rtb-",
            "NatGateway" => "nat-",
            "NetworkAcl" => "acl-",
            "NetworkInterface" => "eni-",
            "NetworkInterfaceAttachment" => "eni-attach-",
            "PrefixList" => "pl-",
            "RouteTable" => "rtb-",
            "SecurityGroup" => "sg-",
            "SecurityGroupEgress" | "SecurityGroupIngress" => "sgr-",
            "Subnet" => "subnet-",
            "SubnetCidrBlock" => "subnet-cidr-assoc-",
            "SubnetNetworkAclAssociation" => "aclassoc-",
            "SubnetRouteTableAssociation" | "GatewayRouteTableAssociation" => "rtbassoc-",
            "TransitGateway" => "tgw-",
            "TransitGatewayAttachment" | "TransitGatewayVpcAttachment" => "tgw-attach-",
            "TransitGatewayRouteTable" => "tgw-rtb-",
            "VPC" => "vpc-",
            "VPCCidrBlock" => "vpc-cidr-assoc-",
            "VPCEndpoint" => "vpce-",
            "VPCEndpointService" => "vpce-svc-",
            "VPCPeeringConnection" => "pcx-",
            "VPNConnection" => "vpn-",
            "VPNGateway" => "vgw-",
            "Volume" => "vol-",
            _ => return None,
        },
        "AWS::EFS" => match kind {
            "AccessPoint" => "fsap-",
            "FileSystem" => "fs-",
            "MountTarget" => "fsmt-",
            _ => return None,
        },
        _ => return None,
    };
    Some(prefix)
}

/// What the values of an attribute begin with, whatever its type.
pub(super) fn attribute_prefix(name: &str) -> Option<&'static str> {
    Some(match name {
        "AllocationId" => "eipalloc-",
        "AssociationId" => "assoc-",
        "DefaultNetworkAcl" | "NetworkAclId" => "acl-",
        "DefaultSecurityGroup" | "GroupId" | "SecurityGroupId" => "sg-",
        "InstanceId" => "i-",
        "NetworkInterfaceId" | "PrimaryNetworkInterfaceId" => "eni-",
        "SubnetId" => "subnet-",
        "VpcId" => "vpc-",
        _ => return None,
    })
}

/// The property that `Ref` gives where it is not the whole primary identifier.
///
/// Types older than the resource provider registry give the id that their service makes and
/// leave out the parents that stand beside it in the identifier.
pub(super) fn reference(schema: &Schema) -> Option<&str> {
    match schema.name() {
        "AWS::EC2::EIP" => return Some("PublicIp"),
        "AWS::ApiGateway::Stage" | "AWS::ApiGatewayV2::Stage" => return Some("StageName"),
        "AWS::ApiGateway::Model" => return Some("Name"),
        "AWS::Cognito::UserPoolGroup" => return Some("GroupName"),
        _ => {}
    }
    let identifier = schema.primary_identifier();
    let mut made = identifier
        .iter()
        .filter(|one| schema.read_only().contains(one));
    match (made.next(), made.next()) {
        (Some(only), None) if identifier.len() > 1 => Some(only),
        _ => None,
    }
}

/// Whether the service takes only names in small letters.
pub(super) fn is_lowercase(type_name: &str) -> bool {
    let services = [
        "AWS::DocDB::",
        "AWS::ECR::",
        "AWS::ElastiCache::",
        "AWS::Elasticsearch::",
        "AWS::MemoryDB::",
        "AWS::Neptune::",
        "AWS::OpenSearchService::",
        "AWS::RDS::",
        "AWS::Redshift::",
        "AWS::S3",
    ];
    services
        .iter()
        .any(|service| type_name.starts_with(service))
}

/// The service in ARNs.
pub(super) fn service(type_name: &str) -> String {
    let service = type_name.split("::").nth(1).unwrap_or_default();
    match service {
        "ApiGatewayV2" => "apigateway".to_owned(),
        "ApplicationAutoScaling" => "application-autoscaling".to_owned(),
        "CertificateManager" => "acm".to_owned(),
        "Cognito" => "cognito-idp".to_owned(),
        "DocDB" | "Neptune" => "rds".to_owned(),
        "EFS" => "elasticfilesystem".to_owned(),
        "ElasticLoadBalancingV2" => "elasticloadbalancing".to_owned(),
        "EMR" => "elasticmapreduce".to_owned(),
        "OpenSearchService" | "Elasticsearch" => "es".to_owned(),
        "KinesisFirehose" => "firehose".to_owned(),
        "MSK" => "kafka".to_owned(),
        "WAFRegional" => "waf-regional".to_owned(),
        other => other.to_lowercase(),
    }
}

/// The kind of resource in ARNs: `load-balancer` is `loadbalancer` there.
pub(super) fn kind(type_name: &str) -> String {
    let kind = type_name.rsplit("::").next().unwrap_or_default();
    kind.to_lowercase()
}
