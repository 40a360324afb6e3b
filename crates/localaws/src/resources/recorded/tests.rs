//! A recorded resource from birth to death.

use serde_json::json;

use crate::resources::{Code, Context, Resources};
use crate::{Aws, Clock, Config, Ids, Scope, Store};

fn resources() -> Resources {
    let aws = Aws::start(Config {
        clock: Clock::fast(),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    });
    Resources::new(&aws)
}

fn context(type_name: &str, logical_id: &str) -> Context {
    Context {
        logical_id: logical_id.to_owned(),
        stack_name: Some("net".to_owned()),
        tags: vec![("team".to_owned(), "blue".to_owned())],
        ..Context::new(Scope::new("eu-central-1"), type_name)
    }
}

#[tokio::test]
async fn ids_and_attributes_look_real() {
    let resources = resources();
    // Type, properties, what the physical id must match, one attribute and what it must match.
    let cases = [
        (
            "AWS::EC2::VPC",
            json!({"CidrBlock": "10.0.0.0/16"}),
            "^vpc-0[0-9a-f]{16}$",
            ("DefaultSecurityGroup", "^sg-0[0-9a-f]{16}$"),
        ),
        (
            "AWS::EC2::EIP",
            json!({"Domain": "vpc"}),
            r"^203\.0\.113\.\d+$",
            ("AllocationId", "^eipalloc-0[0-9a-f]{16}$"),
        ),
        (
            "AWS::CloudTrail::Trail",
            json!({"IsLogging": true, "S3BucketName": "b"}),
            "^net-It-[A-Z0-9]{12}$",
            (
                "Arn",
                "^arn:aws:cloudtrail:eu-central-1:000000000000:trail/net-It-[A-Z0-9]{12}$",
            ),
        ),
        (
            "AWS::ECS::Service",
            json!({"Cluster": "c", "ServiceName": "web"}),
            "^arn:aws:ecs:eu-central-1:000000000000:service/web$",
            ("Name", "^web$"),
        ),
        (
            "AWS::EC2::VPCCidrBlock",
            json!({"VpcId": "vpc-1", "CidrBlock": "10.1.0.0/16"}),
            "^vpc-cidr-assoc-0[0-9a-f]{16}$",
            ("Id", "^vpc-cidr-assoc-0[0-9a-f]{16}$"),
        ),
        (
            "AWS::SecretsManager::Secret",
            json!({"Name": "db"}),
            "^arn:aws:secretsmanager:eu-central-1:000000000000:secret:db-[A-Z0-9]{6}$",
            (
                "Id",
                "^arn:aws:secretsmanager:eu-central-1:000000000000:secret:db-[A-Z0-9]{6}$",
            ),
        ),
        (
            "AWS::RDS::DBInstance",
            json!({"Engine": "mysql"}),
            "^net-it-[a-z0-9]{12}$",
            (
                "Endpoint.Address",
                r"^net-it-.*\.eu-central-1\.rds\.amazonaws\.com$",
            ),
        ),
    ];
    for (type_name, properties, id, (attribute, pattern)) in cases {
        let made = resources
            .create(&context(type_name, "It"), &properties)
            .await
            .unwrap();
        let matches =
            |pattern: &str, text: &str| regex::Regex::new(pattern).unwrap().is_match(text);
        assert!(matches(id, &made.physical_id), "{type_name}: {made:?}");
        let value = made.attributes.get(attribute).and_then(|one| one.as_str());
        assert!(matches(pattern, value.unwrap()), "{type_name}: {made:?}");
    }
}

#[tokio::test]
async fn a_life() {
    let resources = resources();
    let cx = context("AWS::EC2::Subnet", "Net");
    let before =
        json!({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "MapPublicIpOnLaunch": "true"});
    let made = resources.create(&cx, &before).await.unwrap();
    let id = made.physical_id;
    let live = resources.read(&cx, &id, &before).await.unwrap().unwrap();
    assert_eq!(live.get("MapPublicIpOnLaunch"), Some(&json!(true)));
    assert_eq!(
        live.get("Tags"),
        Some(&json!([{"Key": "team", "Value": "blue"}]))
    );
    assert_eq!(live.get("SubnetId"), Some(&json!(id)));
    let after = json!({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"});
    resources.update(&cx, &id, &before, &after).await.unwrap();
    let live = resources.read(&cx, &id, &after).await.unwrap().unwrap();
    assert_eq!(live.get("MapPublicIpOnLaunch"), None);
    assert_eq!(resources.list(&cx).await.unwrap(), [id.as_str()]);
    resources.delete(&cx, &id, &after).await.unwrap();
    assert_eq!(resources.read(&cx, &id, &after).await.unwrap(), None);
    let gone = resources.delete(&cx, &id, &after).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test]
async fn passwords_are_never_read_and_names_are_unique() {
    let resources = resources();
    let cx = context("AWS::RDS::DBInstance", "Db");
    let properties = json!({"DBInstanceIdentifier": "db", "MasterUserPassword": "secret"});
    resources.create(&cx, &properties).await.unwrap();
    let live = resources
        .read(&cx, "db", &properties)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.get("MasterUserPassword"), None);
    let again = resources.create(&cx, &properties).await.unwrap_err();
    assert_eq!(again.code, Code::AlreadyExists);
}

#[tokio::test]
async fn identifiers_are_the_ones_that_users_know() {
    let resources = resources();
    // Type, properties, physical id, and what Cloud Control calls the resource.
    let cases = [
        (
            "AWS::EC2::Route",
            json!({"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}),
            "rtb-1|0.0.0.0/0",
            "rtb-1|0.0.0.0/0",
        ),
        (
            "AWS::EC2::Route",
            json!({"RouteTableId": "rtb-1", "DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}),
            "rtb-1|::/0",
            "rtb-1|::/0",
        ),
        (
            "AWS::EC2::VPCGatewayAttachment",
            json!({"VpcId": "vpc-1", "InternetGatewayId": "igw-1"}),
            "IGW|vpc-1",
            "IGW|vpc-1",
        ),
        (
            "AWS::AppConfig::HostedConfigurationVersion",
            json!({"ApplicationId": "a", "ConfigurationProfileId": "p", "Content": "1", "ContentType": "t"}),
            "1",
            "a|p|1",
        ),
        (
            "AWS::AppConfig::HostedConfigurationVersion",
            json!({"ApplicationId": "a", "ConfigurationProfileId": "p", "Content": "2", "ContentType": "t"}),
            "2",
            "a|p|2",
        ),
        (
            "AWS::Glue::Table",
            json!({"CatalogId": "000000000000", "DatabaseName": "d", "TableInput": {"Name": "t"}}),
            "000000000000|d|t",
            "000000000000|d|t",
        ),
        (
            "AWS::ServiceCatalogAppRegistry::AttributeGroupAssociation",
            json!({"Application": "arn:aws:servicecatalog:::application/a", "AttributeGroup": "arn:aws:servicecatalog:::group/g"}),
            "arn:aws:servicecatalog:::application/a|arn:aws:servicecatalog:::group/g",
            "arn:aws:servicecatalog:::application/a|arn:aws:servicecatalog:::group/g",
        ),
        (
            "AWS::QuickSight::RefreshSchedule",
            json!({"DataSetId": "d", "Schedule": {"ScheduleId": "s"}}),
            "000000000000|d|s",
            "000000000000|d|s",
        ),
    ];
    for (type_name, properties, id, identifier) in cases {
        let cx = context(type_name, "It");
        let made = resources.create(&cx, &properties).await.unwrap();
        assert_eq!(made.physical_id, id, "{type_name}");
        let (found, _) = resources.locate(&cx, identifier).unwrap();
        assert_eq!(found, id, "{type_name}");
    }
}
