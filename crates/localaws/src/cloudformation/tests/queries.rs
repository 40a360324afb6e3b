//! Change sets and the questions about templates.

use serde_json::{Value, json};

use super::World;

const QUEUES: &str = "
Description: two gateways
Parameters:
  Name: {Type: String, Default: one}
  Secret: {Type: String, Default: tell-nobody, NoEcho: true}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Name, Value: !Ref Name}, {Key: s, Value: !Ref Secret}]}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Gateway: {Type: AWS::EC2::InternetGateway}
";

async fn change_set(world: &World, name: &str, template: &str, parameters: Value) -> Value {
    let input = json!({"StackName": "s", "ChangeSetName": name, "TemplateBody": template, "Parameters": parameters});
    world.call("CreateChangeSet", input).await;
    let input = json!({"StackName": "s", "ChangeSetName": name, "IncludePropertyValues": true});
    world.call("DescribeChangeSet", input).await
}

#[tokio::test]
async fn a_change_set_creates_a_stack() {
    let world = World::new();
    let input = json!({"StackName": "s", "ChangeSetName": "c", "ChangeSetType": "CREATE", "TemplateBody": QUEUES});
    world.call("CreateChangeSet", input).await;
    let stacks = world
        .call("DescribeStacks", json!({"StackName": "s"}))
        .await;
    assert_eq!(stacks["Stacks"][0]["StackStatus"], "REVIEW_IN_PROGRESS");
    let set = world
        .call(
            "DescribeChangeSet",
            json!({"StackName": "s", "ChangeSetName": "c"}),
        )
        .await;
    assert_eq!(
        (&set["Status"], &set["ExecutionStatus"]),
        (&json!("CREATE_COMPLETE"), &json!("AVAILABLE"))
    );
    let actions: Vec<_> = set["Changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["ResourceChange"]["Action"])
        .collect();
    assert_eq!(actions, ["Add", "Add", "Add"]);
    world
        .call(
            "ExecuteChangeSet",
            json!({"StackName": "s", "ChangeSetName": "c"}),
        )
        .await;
    let mut stack = world.settled("s").await;
    while stack["StackStatus"] == "REVIEW_IN_PROGRESS" {
        stack = world.settled("s").await;
    }
    assert_eq!(stack["StackStatus"], "CREATE_COMPLETE");
    assert_eq!(
        stack["Parameters"][1],
        json!({"ParameterKey": "Secret", "ParameterValue": "****"})
    );
    let set = world
        .call(
            "DescribeChangeSet",
            json!({"ChangeSetName": set["ChangeSetId"]}),
        )
        .await;
    assert_eq!(set["ExecutionStatus"], "EXECUTE_COMPLETE");
    let events = world
        .call("DescribeStackEvents", json!({"StackName": "s"}))
        .await;
    assert!(!events.to_string().contains("tell-nobody"));
}

#[tokio::test]
async fn a_change_set_says_what_would_change_and_why() {
    let world = World::new();
    world.deploy("s", QUEUES).await;
    let none = change_set(&world, "none", QUEUES, json!([])).await;
    assert_eq!(none["Status"], "FAILED");
    assert_eq!(
        none["StatusReason"],
        "The submitted information didn't contain changes. Submit different information to create a change set."
    );
    let refused = world
        .refused(
            "ExecuteChangeSet",
            json!({"StackName": "s", "ChangeSetName": "none"}),
        )
        .await;
    assert!(
        refused.contains("cannot be executed in its current status of [FAILED]"),
        "{refused}"
    );

    let tags = change_set(
        &world,
        "tags",
        QUEUES,
        json!([{"ParameterKey": "Name", "ParameterValue": "two"}]),
    )
    .await;
    let change = &tags["Changes"][0]["ResourceChange"];
    assert_eq!(
        (&change["Action"], &change["Replacement"]),
        (&json!("Modify"), &json!("False"))
    );
    assert_eq!(change["Scope"], json!(["Tags"]));
    let detail = &change["Details"][0];
    assert_eq!(
        (&detail["ChangeSource"], &detail["CausingEntity"]),
        (&json!("ParameterReference"), &json!("Name"))
    );
    assert!(!tags.to_string().contains("tell-nobody"));

    let template = QUEUES.replace("10.0.0.0/16", "10.0.0.0/20").replace(
        "  Gateway: {Type: AWS::EC2::InternetGateway}",
        "  Other: {Type: AWS::EC2::InternetGateway}",
    );
    let set = change_set(&world, "replace", &template, json!([])).await;
    let changes = set["Changes"].as_array().unwrap().iter();
    let shown: Vec<String> = changes
        .map(|one| {
            let change = &one["ResourceChange"];
            format!(
                "{} {} {} {}",
                change["Action"],
                change["LogicalResourceId"],
                change["Replacement"],
                change["PolicyAction"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        shown,
        [
            "Remove Gateway null Delete",
            "Add Other null null",
            "Modify Subnet Conditional ReplaceAndDelete",
            "Modify Vpc True ReplaceAndDelete"
        ]
    );
    let subnet = &set["Changes"][2]["ResourceChange"];
    assert_eq!(
        subnet["Details"][0]["Target"]["AfterValue"], "{{changeSet:KNOWN_AFTER_APPLY}}",
        "{subnet:#}"
    );
    assert_eq!(
        (
            &subnet["Details"][0]["Evaluation"],
            &subnet["Details"][0]["CausingEntity"]
        ),
        (&json!("Dynamic"), &json!("Vpc"))
    );
    let list = world
        .call("ListChangeSets", json!({"StackName": "s"}))
        .await;
    assert_eq!(list["Summaries"].as_array().unwrap().len(), 3);
    world
        .call(
            "DeleteChangeSet",
            json!({"StackName": "s", "ChangeSetName": "none"}),
        )
        .await;
    let gone = world
        .refused(
            "DescribeChangeSet",
            json!({"StackName": "s", "ChangeSetName": "none"}),
        )
        .await;
    assert_eq!(gone, "ChangeSetNotFound: ChangeSet [none] does not exist");
}

#[tokio::test]
async fn templates_are_summarised() {
    let world = World::new();
    let summary = world
        .call("GetTemplateSummary", json!({"TemplateBody": QUEUES}))
        .await;
    assert_eq!(summary["Description"], "two gateways");
    assert_eq!(
        summary["ResourceTypes"],
        json!([
            "AWS::EC2::InternetGateway",
            "AWS::EC2::Subnet",
            "AWS::EC2::VPC"
        ])
    );
    assert_eq!(summary["Parameters"][0]["ParameterType"], "String");
    let valid = world
        .call("ValidateTemplate", json!({"TemplateBody": QUEUES}))
        .await;
    assert_eq!(
        valid["Parameters"][1],
        json!({"ParameterKey": "Secret", "NoEcho": true, "DefaultValue": "tell-nobody"})
    );
}

#[tokio::test]
async fn lists_come_in_pages_and_by_status() {
    let world = World::new();
    let one = "Resources: {Gateway: {Type: AWS::EC2::InternetGateway}}";
    for n in 0..103 {
        let input = json!({"StackName": format!("s{n}"), "TemplateBody": one});
        world.call("CreateStack", input).await;
    }
    world.settled("s102").await;
    let page = world.call("ListStacks", json!({})).await;
    assert_eq!(page["StackSummaries"].as_array().unwrap().len(), 100);
    let next = world
        .call("ListStacks", json!({"NextToken": page["NextToken"]}))
        .await;
    assert_eq!(next["StackSummaries"].as_array().unwrap().len(), 3);
    assert!(next.get("NextToken").is_none());
    let none = world
        .call(
            "ListStacks",
            json!({"StackStatusFilter": ["DELETE_COMPLETE"]}),
        )
        .await;
    assert_eq!(none["StackSummaries"], json!([]));
}
