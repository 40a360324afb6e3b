//! Create, update, delete and the ways back.

use serde_json::json;

use super::World;
use crate::Store;

pub(super) const NETWORK: &str = "
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Cidr, EnableDnsSupport: true}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 2, 8]]}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: !Sub '${AWS::StackName}-Vpc'}}
";

const GATEWAY: &str = "
Resources:
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {InternetGatewayId: !Ref Gateway, VpcId: {'Fn::ImportValue': network-Vpc}}
";

/// The same network with a subnet that can never be made.
pub(super) fn broken() -> String {
    NETWORK.replace(
        "Properties: {VpcId: !Ref Vpc,",
        "Properties: {Colour: red, VpcId: !Ref Vpc,",
    )
}

#[tokio::test]
async fn a_stack_is_made_in_order_and_deleted_in_reverse() {
    let world = World::new();
    let stack = world.deploy("network", NETWORK).await;
    assert_eq!(stack["Outputs"][0]["ExportName"], "network-Vpc");
    let vpc = stack["Outputs"][0]["OutputValue"].as_str().unwrap();
    assert!(vpc.starts_with("vpc-"), "{vpc}");
    assert_eq!(
        world.events("network").await,
        [
            "network CREATE_IN_PROGRESS User Initiated",
            "Vpc CREATE_IN_PROGRESS",
            "Vpc CREATE_IN_PROGRESS Resource creation Initiated",
            "Vpc CREATE_COMPLETE",
            "Subnet CREATE_IN_PROGRESS",
            "Subnet CREATE_IN_PROGRESS Resource creation Initiated",
            "Subnet CREATE_COMPLETE",
            "network CREATE_COMPLETE",
        ]
    );
    let id = stack["StackId"].as_str().unwrap();
    world
        .call("DeleteStack", json!({"StackName": "network"}))
        .await;
    assert_eq!(world.settled(id).await["StackStatus"], "DELETE_COMPLETE");
    assert_eq!(
        world.events(id).await[8..],
        [
            "network DELETE_IN_PROGRESS User Initiated",
            "Subnet DELETE_IN_PROGRESS",
            "Subnet DELETE_COMPLETE",
            "Vpc DELETE_IN_PROGRESS",
            "Vpc DELETE_COMPLETE",
            "network DELETE_COMPLETE",
        ]
    );
    let gone = world
        .refused("DescribeStacks", json!({"StackName": "network"}))
        .await;
    assert_eq!(
        gone,
        "ValidationError: Stack with id network does not exist"
    );
    // A name can be used again, and deleting what is not there succeeds.
    world.deploy("network", NETWORK).await;
    world
        .call("DeleteStack", json!({"StackName": "nobody"}))
        .await;
}

#[tokio::test]
async fn a_failed_creation_is_rolled_back() {
    let world = World::new();
    let input = json!({"StackName": "network", "TemplateBody": broken()});
    world.call("CreateStack", input).await;
    let stack = world.settled("network").await;
    assert_eq!(stack["StackStatus"], "ROLLBACK_COMPLETE");
    let events = world.events("network").await;
    assert_eq!(
        events[5],
        "Subnet CREATE_FAILED Properties validation failed for resource Subnet with message:\n#: extraneous key [Colour] is not permitted"
    );
    assert_eq!(
        events[6],
        "network ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Subnet]. Rollback requested by user."
    );
    assert_eq!(
        events[7..9],
        ["Vpc DELETE_IN_PROGRESS", "Vpc DELETE_COMPLETE"]
    );
    let refused = world
        .refused(
            "UpdateStack",
            json!({"StackName": "network", "TemplateBody": NETWORK}),
        )
        .await;
    assert!(
        refused.ends_with("is in ROLLBACK_COMPLETE state and can not be updated."),
        "{refused}"
    );
}

#[tokio::test]
async fn without_rollback_what_was_made_stays() {
    let world = World::new();
    let input =
        json!({"StackName": "network", "TemplateBody": broken(), "OnFailure": "DO_NOTHING"});
    world.call("CreateStack", input).await;
    let stack = world.settled("network").await;
    assert_eq!(stack["StackStatus"], "CREATE_FAILED");
    assert_eq!(stack["DisableRollback"], true);
    assert!(world.physical("network").await["Vpc"].is_string());
    let input = json!({"StackName": "other", "TemplateBody": broken(), "OnFailure": "DELETE"});
    let id = world.call("CreateStack", input).await["StackId"].clone();
    let stack = world.settled(id.as_str().unwrap()).await;
    assert_eq!(stack["StackStatus"], "DELETE_COMPLETE");
}

#[tokio::test]
async fn an_update_changes_in_place_or_replaces() {
    let world = World::new();
    world.deploy("network", NETWORK).await;
    let before = world.physical("network").await;
    let same = json!({"StackName": "network", "UsePreviousTemplate": true, "Parameters": [{"ParameterKey": "Cidr", "UsePreviousValue": true}]});
    let refused = world.refused("UpdateStack", same).await;
    assert_eq!(refused, "ValidationError: No updates are to be performed.");

    let in_place = NETWORK.replace("EnableDnsSupport: true", "EnableDnsSupport: false");
    world
        .call(
            "UpdateStack",
            json!({"StackName": "network", "TemplateBody": in_place}),
        )
        .await;
    assert_eq!(
        world.settled("network").await["StackStatus"],
        "UPDATE_COMPLETE"
    );
    assert_eq!(world.physical("network").await, before);

    let seen = world.events("network").await.len();
    let replaced = json!({"StackName": "network", "UsePreviousTemplate": true, "Parameters": [{"ParameterKey": "Cidr", "ParameterValue": "10.1.0.0/16"}]});
    world.call("UpdateStack", replaced).await;
    let stack = world.settled("network").await;
    assert_eq!(stack["StackStatus"], "UPDATE_COMPLETE");
    let after = world.physical("network").await;
    assert_ne!(after["Vpc"], before["Vpc"]);
    assert_eq!(stack["Outputs"][0]["OutputValue"], after["Vpc"]);
    let events = &world.events("network").await[seen..];
    let creating =
        "Requested update requires the creation of a new physical resource; hence creating one.";
    assert_eq!(
        events,
        [
            "network UPDATE_IN_PROGRESS User Initiated",
            &format!("Vpc UPDATE_IN_PROGRESS {creating}"),
            "Vpc UPDATE_IN_PROGRESS Resource creation Initiated",
            "Vpc UPDATE_COMPLETE",
            &format!("Subnet UPDATE_IN_PROGRESS {creating}"),
            "Subnet UPDATE_IN_PROGRESS Resource creation Initiated",
            "Subnet UPDATE_COMPLETE",
            "network UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "Subnet DELETE_IN_PROGRESS",
            "Subnet DELETE_COMPLETE",
            "Vpc DELETE_IN_PROGRESS",
            "Vpc DELETE_COMPLETE",
            "network UPDATE_COMPLETE",
        ]
    );
}

#[tokio::test]
async fn a_failed_update_is_taken_back() {
    let world = World::new();
    world.deploy("network", NETWORK).await;
    let before = world.physical("network").await;
    let template = broken()
        .replace("EnableDnsSupport: true", "EnableDnsSupport: false")
        .replace(
            "Outputs:",
            "  New: {Type: AWS::EC2::InternetGateway}\nOutputs:",
        );
    world
        .call(
            "UpdateStack",
            json!({"StackName": "network", "TemplateBody": template}),
        )
        .await;
    let stack = world.settled("network").await;
    assert_eq!(stack["StackStatus"], "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(world.physical("network").await, before);
    let read = json!({"TypeName": "AWS::EC2::VPC", "Identifier": before["Vpc"]});
    let live = world
        .aws
        .call(&world.scope, "cloudcontrol", "GetResource", read)
        .await;
    let live = live.unwrap();
    let properties = live["ResourceDescription"]["Properties"].as_str().unwrap();
    assert!(
        properties.contains("\"EnableDnsSupport\":true"),
        "{properties}"
    );
    let body = world
        .call("GetTemplate", json!({"StackName": "network"}))
        .await;
    assert_eq!(body["TemplateBody"], NETWORK);
    let events = world.events("network").await;
    assert!(events.contains(&"network UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [Subnet].".to_owned()), "{events:#?}");
    assert!(
        events.contains(&"New DELETE_COMPLETE".to_owned()),
        "{events:#?}"
    );
}

#[tokio::test]
async fn policies_keep_resources_and_exports_in_use_keep_stacks() {
    let world = World::new();
    let kept = NETWORK.replace(
        "  Vpc:\n    Type",
        "  Vpc:\n    DeletionPolicy: Retain\n    Type",
    );
    let stack = world.deploy("network", &kept).await;
    world.deploy("gateway", GATEWAY).await;
    let imports = world
        .call("ListImports", json!({"ExportName": "network-Vpc"}))
        .await;
    assert_eq!(imports["Imports"], json!(["gateway"]));
    world
        .call("DeleteStack", json!({"StackName": "network"}))
        .await;
    let id = stack["StackId"].as_str().unwrap();
    let refused = world.settled(id).await;
    assert_eq!(refused["StackStatus"], "DELETE_FAILED");
    assert_eq!(
        refused["StackStatusReason"],
        "Export network-Vpc cannot be deleted as it is in use by gateway"
    );
    world
        .call("DeleteStack", json!({"StackName": "gateway"}))
        .await;
    while world
        .try_call("DescribeStacks", json!({"StackName": "gateway"}))
        .await
        .is_ok()
    {
        world
            .aws
            .clock()
            .sleep(std::time::Duration::from_millis(100))
            .await;
    }
    world
        .call("DeleteStack", json!({"StackName": "network"}))
        .await;
    assert_eq!(world.settled(id).await["StackStatus"], "DELETE_COMPLETE");
    assert!(
        world
            .events(id)
            .await
            .contains(&"Vpc DELETE_SKIPPED".to_owned())
    );
}

#[tokio::test]
async fn termination_protection_and_wrong_calls_are_refused() {
    let world = World::new();
    world.deploy("network", NETWORK).await;
    world
        .call(
            "UpdateTerminationProtection",
            json!({"StackName": "network", "EnableTerminationProtection": true}),
        )
        .await;
    let cases = [
        (
            "DeleteStack",
            json!({"StackName": "network"}),
            "ValidationError: Stack [network] cannot be deleted while TerminationProtection is enabled",
        ),
        (
            "CreateStack",
            json!({"StackName": "network", "TemplateBody": NETWORK}),
            "AlreadyExistsException: Stack [network] already exists",
        ),
        (
            "UpdateStack",
            json!({"StackName": "nobody", "TemplateBody": NETWORK}),
            "ValidationError: Stack [nobody] does not exist",
        ),
        (
            "CreateStack",
            json!({"StackName": "a_b", "TemplateBody": NETWORK}),
            "ValidationError: 1 validation error detected: Value 'a_b' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ),
        (
            "CreateStack",
            json!({"StackName": "x", "TemplateBody": "Resources: {R: {Type: AWS::No::Where}}"}),
            "ValidationError: Template format error: Unrecognized resource types: [AWS::No::Where]",
        ),
        (
            "CreateStack",
            json!({"StackName": "x", "TemplateBody": "Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}"}),
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
        ),
        (
            "CreateStack",
            json!({"StackName": "x", "TemplateBody": "x".repeat(51_201)}),
            "ValidationError: 1 validation error detected: Value '...' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
        ),
        (
            "UpdateStack",
            json!({"StackName": "network", "TemplateBody": NETWORK.replace("AWS::EC2::Subnet", "AWS::EC2::RouteTable")}),
            "ValidationError: Update of resource type is not permitted. The new template modifies resource type of the following resources: [Subnet]",
        ),
        (
            "DescribeStackEvents",
            json!({"StackName": "nobody"}),
            "ValidationError: Stack [nobody] does not exist",
        ),
        (
            "CreateStackSet",
            json!({}),
            "NotImplemented: cloudformation:CreateStackSet is not implemented by this endpoint",
        ),
    ];
    for (action, input, expected) in cases {
        assert_eq!(world.refused(action, input).await, expected);
    }
}

#[tokio::test]
async fn an_interrupted_creation_is_rolled_back_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let first = World::on(Store::open(&file).unwrap());
    let before = first.aws.store().mark();
    first.deploy("network", NETWORK).await;
    first.aws.store().settled(before).await;
    drop(first);
    // What a process that was killed in the middle leaves behind.
    let store = Store::open(&file).unwrap();
    let before = store.mark();
    let stacks: crate::Table<super::super::stack::Stack> = store.table("cloudformation.stacks");
    let (key, _) = stacks.scan("").remove(0);
    stacks.update(&key, |stack| {
        stack.status = super::super::status::StackStatus::CreateInProgress
    });
    store.settled(before).await;
    drop(store);

    let second = World::on(Store::open(&file).unwrap());
    let stack = second.settled("network").await;
    assert_eq!(stack["StackStatus"], "ROLLBACK_COMPLETE", "{stack:#}");
    let events = second.events("network").await;
    assert!(
        events.contains(&"Vpc DELETE_COMPLETE".to_owned()),
        "{events:#?}"
    );
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_before_anything_is() {
    let world = World::new();
    let template = "
Resources:
  Topic:
    Type: AWS::SNS::Topic
    UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatchSize: 1}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy: {ResourceSignal: {Count: 1}}
    Properties: {MinSize: '1', MaxSize: '1'}
  Mine: {Type: Custom::Mine, Properties: {ServiceToken: arn}}
  Wait: {Type: AWS::CloudFormation::WaitCondition}
";
    let input = json!({"StackName": "all", "TemplateBody": template});
    assert_eq!(
        world.refused("CreateStack", input).await,
        "ValidationError: Resource Mine: resources of type Custom::Mine are not supported by this endpoint
Resource Topic: UpdatePolicy of AWS::SNS::Topic is not supported by this endpoint
Resource Wait: resources of type AWS::CloudFormation::WaitCondition are not supported by this endpoint"
    );
    let mut many = String::from("Resources:\n");
    for n in 0..501 {
        many += &format!("  R{n}: {{Type: AWS::SNS::Topic}}\n");
    }
    let input = json!({"StackName": "many", "TemplateBody": many});
    assert_eq!(
        world.refused("CreateStack", input).await,
        "ValidationError: Template format error: Number of resources, 501, is greater than maximum allowed, 500"
    );
}

#[tokio::test]
async fn resources_carry_the_marks_of_their_stack() {
    let world = World::new();
    let template = "
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: marked, Tags: [{Key: team, Value: blue}]}
  Parameter:
    Type: AWS::SSM::Parameter
    Properties: {Name: marked, Type: String, Value: x}
";
    let stack = world.deploy("marks", template).await;
    let call = async |service: &str, action: &str, input| {
        world.aws.call(&world.scope, service, action, input).await
    };
    let bucket = json!({"Bucket": "marked"});
    let marks = |logical: &str| {
        vec![
            json!({"Key": "aws:cloudformation:logical-id", "Value": logical}),
            json!({"Key": "aws:cloudformation:stack-id", "Value": stack["StackId"]}),
            json!({"Key": "aws:cloudformation:stack-name", "Value": "marks"}),
        ]
    };
    let mut tags = vec![json!({"Key": "team", "Value": "blue"})];
    tags.extend(marks("Bucket"));
    let found = call("s3", "GetBucketTagging", bucket.clone())
        .await
        .unwrap();
    assert_eq!(found["TagSet"], json!(tags));
    let named = json!({"ResourceType": "Parameter", "ResourceId": "marked"});
    let found = call("ssm", "ListTagsForResource", named).await.unwrap();
    assert_eq!(found["TagList"], json!(marks("Parameter")));

    // Whoever puts other tags must repeat the marks, which are no drift.
    let put = |tags: &[serde_json::Value]| json!({"Bucket": "marked", "Tagging": {"TagSet": tags}});
    let refused = call("s3", "PutBucketTagging", put(&tags[..2])).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "InvalidTag: System tags cannot be removed by requester"
    );
    let input = json!({"StackName": "marks", "LogicalResourceId": "Bucket"});
    let drift = world.call("DetectStackResourceDrift", input).await;
    assert_eq!(
        drift["StackResourceDrift"]["StackResourceDriftStatus"], "IN_SYNC",
        "{drift:#}"
    );

    let input = json!({"StackName": "marks", "TemplateBody": template.replace("blue", "red")});
    world.call("UpdateStack", input).await;
    world.settled("marks").await;
    tags[0] = json!({"Key": "team", "Value": "red"});
    let found = call("s3", "GetBucketTagging", bucket).await.unwrap();
    assert_eq!(found["TagSet"], json!(tags));
}

#[tokio::test]
async fn secrets_of_former_deployments_do_not_show_either() {
    let world = World::new();
    let template = "
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceIdentifier: db, MasterUserPassword: !Ref Password}
";
    for (action, secret) in [("CreateStack", "tell-nobody"), ("UpdateStack", "nor-this")] {
        let parameter = json!([{"ParameterKey": "Password", "ParameterValue": secret}]);
        let input = json!({"StackName": "db", "TemplateBody": template, "Parameters": parameter});
        world.call(action, input).await;
        world.settled("db").await;
    }
    let events = world
        .call("DescribeStackEvents", json!({"StackName": "db"}))
        .await
        .to_string();
    assert!(events.contains("****"), "{events}");
    assert!(
        !events.contains("tell-nobody") && !events.contains("nor-this"),
        "{events}"
    );
}
