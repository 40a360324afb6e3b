//! Nested stacks.

use serde_json::{Value, json};

use super::World;

const CHILD: &str = "
Parameters:
  Cidr: {Type: String}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr, EnableDnsSupport: true}}
Outputs:
  Vpc: {Value: !Ref Vpc}
";

const PARENT: &str = "
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://templates.s3.amazonaws.com/child.yaml
      Parameters: {Cidr: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !GetAtt Network.Outputs.Vpc, CidrBlock: 10.0.0.0/24}
";

impl World {
    async fn child(&self, text: &str) {
        let bucket = json!({"Bucket": "templates", "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}});
        // It exists from the second time on.
        let _ = self
            .aws
            .call(&self.scope, "s3", "CreateBucket", bucket)
            .await;
        let input = json!({"Bucket": "templates", "Key": "child.yaml"});
        let body = text.as_bytes().to_vec().into();
        let put = self
            .aws
            .call_raw(&self.scope, "s3", "PutObject", input, body);
        put.await.unwrap();
    }

    async fn nested(&self) -> Value {
        let id = self.physical("parent").await["Network"].clone();
        self.settled(id.as_str().unwrap()).await
    }
}

#[tokio::test]
async fn a_nested_stack_lives_with_its_parent() {
    let world = World::new();
    world.child(CHILD).await;
    let parent = world.deploy("parent", PARENT).await;
    let child = world.nested().await;
    assert!(
        child["StackName"]
            .as_str()
            .unwrap()
            .starts_with("parent-Network-")
    );
    assert_eq!(
        (&child["ParentId"], &child["RootId"]),
        (&parent["StackId"], &parent["StackId"])
    );
    let vpc = world.physical(child["StackId"].as_str().unwrap()).await["Vpc"].clone();

    // A new template behind the same URL is taken, though the parent's text stays the same.
    world.child(&CHILD.replace("true", "false")).await;
    let update = json!({"StackName": "parent", "UsePreviousTemplate": true});
    world.call("UpdateStack", update.clone()).await;
    assert_eq!(
        world.settled("parent").await["StackStatus"],
        "UPDATE_COMPLETE"
    );
    assert_eq!(world.nested().await["StackStatus"], "UPDATE_COMPLETE");

    // The nested stack is changed, then the parent fails: both are as before.
    world
        .child(&CHILD.replace("true", "true, EnableDnsHostnames: true"))
        .await;
    let broken = PARENT.replace(
        "CidrBlock: 10.0.0.0/24",
        "CidrBlock: 10.0.0.0/24, Colour: red",
    );
    world
        .call(
            "UpdateStack",
            json!({"StackName": "parent", "TemplateBody": broken}),
        )
        .await;
    assert_eq!(
        world.settled("parent").await["StackStatus"],
        "UPDATE_ROLLBACK_COMPLETE"
    );
    let child = world.nested().await;
    assert_eq!(child["StackStatus"], "UPDATE_ROLLBACK_COMPLETE");
    let id = child["StackId"].as_str().unwrap();
    let text = world.call("GetTemplate", json!({"StackName": id})).await["TemplateBody"].clone();
    assert_eq!(text, CHILD.replace("true", "false"));
    assert_eq!(world.physical(id).await["Vpc"], vpc);

    world
        .call("DeleteStack", json!({"StackName": "parent"}))
        .await;
    let parent = parent["StackId"].as_str().unwrap();
    assert_eq!(
        world.settled(parent).await["StackStatus"],
        "DELETE_COMPLETE"
    );
    assert_eq!(world.settled(id).await["StackStatus"], "DELETE_COMPLETE");
}

#[tokio::test]
async fn a_nested_stack_that_fails_fails_its_parent() {
    let world = World::new();
    world
        .child(&CHILD.replace("EnableDnsSupport", "Colour"))
        .await;
    let input = json!({"StackName": "parent", "TemplateBody": PARENT});
    world.call("CreateStack", input).await;
    assert_eq!(
        world.settled("parent").await["StackStatus"],
        "ROLLBACK_COMPLETE"
    );
    let events = world.events("parent").await;
    let failed = events
        .iter()
        .find(|one| one.contains("Network CREATE_FAILED"))
        .unwrap();
    assert!(
        failed.ends_with(
            "was not successfully created: The following resource(s) failed to create: [Vpc]."
        ),
        "{failed}"
    );
    let stacks = world.call("ListStacks", json!({})).await;
    let stacks = stacks["StackSummaries"].as_array().unwrap();
    let child = stacks
        .iter()
        .find(|one| one["ParentId"].is_string())
        .unwrap();
    assert_eq!(child["StackStatus"], "DELETE_COMPLETE");
}
