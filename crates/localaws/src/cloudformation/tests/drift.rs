//! Drift of resources that were changed behind the stack's back.

use std::time::Duration;

use serde_json::{Value, json};

use super::World;

const TEMPLATE: &str = "
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: 'true', Tags: [{Key: Name, Value: one}]}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
";

impl World {
    async fn detected(&self) -> Value {
        let id = self
            .call("DetectStackDrift", json!({"StackName": "s"}))
            .await["StackDriftDetectionId"]
            .clone();
        let ask = json!({"StackDriftDetectionId": id});
        let first = self
            .call("DescribeStackDriftDetectionStatus", ask.clone())
            .await;
        assert_eq!(first["DetectionStatus"], "DETECTION_IN_PROGRESS");
        let again = self
            .refused("DetectStackDrift", json!({"StackName": "s"}))
            .await;
        assert!(again.contains("already in progress"), "{again}");
        loop {
            self.aws.clock().sleep(Duration::from_secs(1)).await;
            let status = self
                .call("DescribeStackDriftDetectionStatus", ask.clone())
                .await;
            if status["DetectionStatus"] != "DETECTION_IN_PROGRESS" {
                return status;
            }
        }
    }

    async fn control(&self, action: &str, input: Value) {
        let answer = self.aws.call(&self.scope, "cloudcontrol", action, input);
        answer
            .await
            .unwrap_or_else(|error| panic!("{action}: {error}"));
    }
}

#[tokio::test]
async fn a_stack_that_nobody_touched_is_in_sync() {
    let world = World::new();
    world.deploy("s", TEMPLATE).await;
    let rows = world
        .call("ListStackResources", json!({"StackName": "s"}))
        .await;
    assert_eq!(
        rows["StackResourceSummaries"][0]["DriftInformation"]["StackResourceDriftStatus"],
        "NOT_CHECKED"
    );
    let status = world.detected().await;
    assert_eq!(status["DetectionStatus"], "DETECTION_COMPLETE");
    assert_eq!(status["StackDriftStatus"], "IN_SYNC");
    assert_eq!(status["DriftedStackResourceCount"], 0);
    let stack = world.settled("s").await;
    assert_eq!(stack["DriftInformation"]["StackDriftStatus"], "IN_SYNC");
    let drifts = world
        .call("DescribeStackResourceDrifts", json!({"StackName": "s"}))
        .await;
    assert_eq!(drifts["StackResourceDrifts"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn exactly_what_was_changed_is_found() {
    let world = World::new();
    world.deploy("s", TEMPLATE).await;
    let physical = world.physical("s").await;
    let patch = json!([
        {"op": "replace", "path": "/EnableDnsSupport", "value": false},
        {"op": "add", "path": "/Tags/-", "value": {"Key": "who", "Value": "me"}},
        {"op": "add", "path": "/EnableDnsHostnames", "value": true},
    ]);
    let input = json!({"TypeName": "AWS::EC2::VPC", "Identifier": physical["Vpc"], "PatchDocument": patch.to_string()});
    world.control("UpdateResource", input).await;
    let input = json!({"TypeName": "AWS::EC2::InternetGateway", "Identifier": physical["Gateway"]});
    world.control("DeleteResource", input).await;
    world.aws.clock().sleep(Duration::from_secs(30)).await;
    let status = world.detected().await;
    assert_eq!(
        (
            &status["StackDriftStatus"],
            &status["DriftedStackResourceCount"]
        ),
        (&json!("DRIFTED"), &json!(2))
    );
    let filter =
        json!({"StackName": "s", "StackResourceDriftStatusFilters": ["MODIFIED", "DELETED"]});
    let drifts = world.call("DescribeStackResourceDrifts", filter).await;
    let (gateway, vpc) = (
        &drifts["StackResourceDrifts"][0],
        &drifts["StackResourceDrifts"][1],
    );
    assert_eq!(gateway["StackResourceDriftStatus"], "DELETED");
    assert_eq!(
        vpc["PropertyDifferences"],
        json!([
            {"PropertyPath": "/EnableDnsSupport", "ExpectedValue": "true", "ActualValue": "false", "DifferenceType": "NOT_EQUAL"},
            {"PropertyPath": "/Tags/1", "ExpectedValue": "null", "ActualValue": "{\"Key\":\"who\",\"Value\":\"me\"}", "DifferenceType": "ADD"},
        ])
    );
    let actual = vpc["ActualProperties"].as_str().unwrap();
    assert!(!actual.contains("EnableDnsHostnames"), "{actual}");
    let one = world
        .call(
            "DetectStackResourceDrift",
            json!({"StackName": "s", "LogicalResourceId": "Table"}),
        )
        .await;
    assert_eq!(
        one["StackResourceDrift"]["StackResourceDriftStatus"],
        "IN_SYNC"
    );
}
