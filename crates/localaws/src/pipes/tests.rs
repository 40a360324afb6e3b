//! What users of pipes rely on, through the service's door.

use serde_json::{Value, json};

use crate::testing::Door;

/// A pipe `p` from a queue to a target.
fn pipe(source: &str, target: &str, more: &Value) -> Value {
    let mut input = json!({
        "Name": "p", "Source": source, "Target": target,
        "RoleArn": "arn:aws:iam::000000000000:role/r",
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    input
}

async fn send(door: &Door, url: &str, body: &str) {
    let input = json!({ "QueueUrl": url, "MessageBody": body });
    door.ok("sqs", "SendMessage", input).await;
}

async fn left(door: &Door, url: &str) -> Value {
    let names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
    ];
    let input = json!({ "QueueUrl": url, "AttributeNames": names });
    let found = door.ok("sqs", "GetQueueAttributes", input).await;
    json!(names.map(|name| found["Attributes"][name].clone()))
}

#[tokio::test]
async fn messages_start_a_state_machine() {
    let door = Door::open();
    let (url, source) = door.queue("jobs").await;
    let definition = json!({ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } });
    let machine = json!({
        "name": "m", "definition": definition.to_string(),
        "roleArn": "arn:aws:iam::000000000000:role/r",
    });
    let machine = door
        .ok("stepfunctions", "CreateStateMachine", machine)
        .await;
    let machine = machine["stateMachineArn"].as_str().unwrap();
    let waits = pipe(&source, machine, &json!({}));
    let refused = door.call("pipes", "CreatePipe", waits).await.unwrap_err();
    assert!(refused.message.contains("FIRE_AND_FORGET"), "{refused}");
    let more = json!({
        "SourceParameters": {
            "SqsQueueParameters": { "BatchSize": 1 },
            "FilterCriteria": { "Filters": [{ "Pattern": r#"{"body":{"run":[true]}}"# }] },
        },
        "TargetParameters": {
            "StepFunctionStateMachineParameters": { "InvocationType": "FIRE_AND_FORGET" },
            "InputTemplate": r#"{"args": <$.body.args>, "id": "<$.messageId>", "by": <aws.pipes.pipe-name>}"#,
        },
    });
    let made = door
        .ok("pipes", "CreatePipe", pipe(&source, machine, &more))
        .await;
    assert_eq!(made["CurrentState"], "CREATING");
    send(&door, &url, r#"{"run":true,"args":["a","b"]}"#).await;
    send(&door, &url, r#"{"run":false}"#).await;
    send(&door, &url, "no JSON").await;
    door.pass(5).await;
    let executions = json!({ "stateMachineArn": machine });
    let executions = door.ok("stepfunctions", "ListExecutions", executions).await;
    let executions = executions["executions"].as_array().unwrap();
    assert_eq!(executions.len(), 1);
    let execution = json!({ "executionArn": executions[0]["executionArn"] });
    let execution = door
        .ok("stepfunctions", "DescribeExecution", execution)
        .await;
    let input: Value = serde_json::from_str(execution["input"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&input[0]["args"], &input[0]["by"]),
        (&json!(["a", "b"]), &json!("p"))
    );
    assert_eq!(left(&door, &url).await, json!(["0", "0"]));
    door.ok("pipes", "StopPipe", json!({ "Name": "p" })).await;
    send(&door, &url, r#"{"run":true}"#).await;
    door.pass(5).await;
    assert_eq!(left(&door, &url).await, json!(["1", "0"]));
}

#[tokio::test]
async fn records_go_on_one_by_one_and_stay_where_the_target_fails() {
    let door = Door::open();
    let (url, source) = door.queue("from").await;
    let (to, target) = door.queue("to").await;
    door.ok("pipes", "CreatePipe", pipe(&source, &target, &json!({})))
        .await;
    send(&door, &url, "a").await;
    send(&door, &url, "b").await;
    door.pass(5).await;
    let mut got = door.messages(&to).await;
    got.sort_by_key(|one| one["body"].to_string());
    assert_eq!(
        (&got[0]["body"], &got[1]["body"]),
        (&json!("a"), &json!("b"))
    );
    assert_eq!(got[0]["eventSourceARN"], source);
    let update = json!({
        "Name": "p", "RoleArn": "arn:aws:iam::000000000000:role/r",
        "Target": door.scope.arn("sqs", "none"),
    });
    door.ok("pipes", "UpdatePipe", update).await;
    send(&door, &url, "c").await;
    door.pass(5).await;
    assert_eq!(left(&door, &url).await, json!(["0", "1"]));
    let shown = door
        .ok("pipes", "DescribePipe", json!({ "Name": "p" }))
        .await;
    assert_eq!(
        (&shown["CurrentState"], &shown["Source"]),
        (&json!("RUNNING"), &json!(source))
    );
    door.ok("pipes", "DeletePipe", json!({ "Name": "p" })).await;
    assert_eq!(
        door.code("pipes", "DescribePipe", json!({ "Name": "p" }))
            .await,
        "NotFoundException"
    );
}
