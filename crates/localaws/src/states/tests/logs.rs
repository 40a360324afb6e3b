//! History in CloudWatch Logs.

use serde_json::json;

use super::*;

async fn logged(world: &World, level: &str, with_data: bool) -> Vec<Value> {
    let group = format!("/states/{level}");
    let create = json!({ "logGroupName": group });
    world
        .aws
        .call(&world.scope, "logs", "CreateLogGroup", create)
        .await
        .unwrap();
    let arn = format!("arn:aws:logs:eu-central-1:000000000000:log-group:{group}:*");
    let fails = json!({
        "StartAt": "FailState",
        "States": { "FailState": { "Type": "Fail", "Error": "E", "Cause": "C" } },
    });
    let create = json!({
        "name": level,
        "definition": fails.to_string(),
        "roleArn": ROLE,
        "loggingConfiguration": {
            "level": level,
            "includeExecutionData": with_data,
            "destinations": [{ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }],
        },
    });
    let machine = text(
        &world.ok("CreateStateMachine", create).await,
        "stateMachineArn",
    );
    world.run(&machine, json!({ "a": 1 })).await;
    let filter = json!({ "logGroupName": group });
    let mut events = Vec::new();
    for _ in 0..1000 {
        // What is delivered comes after the end of the execution.
        let found = world
            .aws
            .call(&world.scope, "logs", "FilterLogEvents", filter.clone())
            .await;
        events = found.unwrap()["events"].as_array().unwrap().clone();
        if events
            .last()
            .is_some_and(|event| text(event, "message").contains("ExecutionFailed"))
        {
            break;
        }
        tokio::task::yield_now().await;
    }
    let parsed = |event: &Value| serde_json::from_str(&text(event, "message")).unwrap();
    events.iter().map(parsed).collect()
}

#[tokio::test]
async fn levels_choose_events_and_data() {
    let world = World::new();
    let all = logged(&world, "ALL", true).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[0]["id"], "1");
    assert_eq!(all[0]["previous_event_id"], "0");
    assert_eq!(all[0]["redrive_count"], "0");
    assert_eq!(all[0]["details"]["input"], "{\"a\":1}");
    let errors = logged(&world, "ERROR", false).await;
    let types: Vec<String> = errors.iter().map(|event| text(event, "type")).collect();
    assert_eq!(types, ["FailStateEntered", "ExecutionFailed"]);
    assert_eq!(errors[0]["details"], json!({ "name": "FailState" }));
    assert_eq!(errors[1]["details"], json!({ "error": "E", "cause": "C" }));
    assert_eq!(logged(&world, "FATAL", false).await.len(), 1);
}

#[tokio::test]
async fn a_destination_must_exist() {
    let world = World::new();
    let arn = "arn:aws:logs:eu-central-1:000000000000:log-group:nowhere:*";
    for (destinations, message) in [
        (json!([]), "Must specify exactly one Log Destination."),
        (
            json!([{ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }]),
            "Log Destination not found.",
        ),
    ] {
        let create = json!({
            "name": "m",
            "definition": pass().to_string(),
            "roleArn": ROLE,
            "loggingConfiguration": { "level": "ALL", "destinations": destinations },
        });
        let refused = world.refused("CreateStateMachine", create).await;
        assert_eq!(
            refused.1,
            format!("Invalid Logging Configuration: {message}")
        );
    }
}
