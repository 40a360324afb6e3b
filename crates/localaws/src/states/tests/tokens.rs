//! Task tokens.

use serde_json::json;

use super::*;

/// A parent that hands its token to a child, which answers it.
async fn round_trip(world: &World, answer: &str, parameters: Value) -> Value {
    let child = task(
        &format!("arn:aws:states:::aws-sdk:sfn:{answer}"),
        parameters,
    );
    let child = world.machine("child", child).await;
    let parent = task(
        "arn:aws:states:::states:startExecution.waitForTaskToken",
        json!({ "StateMachineArn": child, "Input": { "Token.$": "$$.Task.Token" } }),
    );
    let parent = world.machine("parent", parent).await;
    world.run(&parent, json!({})).await
}

#[tokio::test]
async fn a_token_carries_the_result_back() {
    let world = World::new();
    let parameters = json!({ "TaskToken.$": "$.Token", "Output": "{\"ok\":true}" });
    let ended = round_trip(&world, "sendTaskSuccess", parameters).await;
    assert_eq!(ended["output"], "{\"ok\":true}");
    assert_eq!(
        world.types(&text(&ended, "executionArn")).await,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded",
        ]
    );
}

#[tokio::test]
async fn a_token_carries_a_failure_back() {
    let world = World::new();
    let parameters = json!({ "TaskToken.$": "$.Token", "Error": "Refused", "Cause": "no" });
    let ended = round_trip(&world, "sendTaskFailure", parameters).await;
    assert_eq!(ended["status"], "FAILED");
    assert_eq!(
        (&ended["error"], &ended["cause"]),
        (&json!("Refused"), &json!("no"))
    );
}

#[tokio::test]
async fn unknown_and_used_tokens_are_told_apart() {
    let world = World::new();
    let answer = |token: &str| json!({ "taskToken": token, "output": "{}" });
    let unknown = world.refused("SendTaskSuccess", answer("nonsense")).await;
    let invalid = (
        "InvalidToken".to_owned(),
        "Invalid Token: 'Invalid token'".to_owned(),
    );
    assert_eq!(unknown, invalid);
    let used = world
        .refused("SendTaskSuccess", answer(&"A".repeat(128)))
        .await;
    assert_eq!(used.0, "TaskTimedOut");
    let bad = json!({ "taskToken": "t", "output": "{" });
    assert_eq!(
        world.refused("SendTaskSuccess", bad).await.0,
        "InvalidOutput"
    );
}
