//! Activities and their workers.

use serde_json::json;

use super::*;

const ACTIVITY: &str = "arn:aws:states:eu-central-1:000000000000:activity:a";

fn works() -> Value {
    json!({
        "StartAt": "Work",
        "States": {
            "Work": {
                "Type": "Task",
                "Resource": ACTIVITY,
                "HeartbeatSeconds": 60,
                "End": true,
            },
        },
    })
}

#[tokio::test]
async fn a_worker_polls_and_answers() {
    let world = World::new();
    let still = world.aws.clock().busy();
    world.ok("CreateActivity", json!({ "name": "a" })).await;
    let poll = json!({ "activityArn": ACTIVITY, "workerName": "w" });
    let (aws, scope) = (world.aws.clone(), world.scope.clone());
    let polling = world.aws.spawn(async move {
        aws.call(&scope, "stepfunctions", "GetActivityTask", poll)
            .await
            .unwrap()
    });
    let machine = world.machine("m", works()).await;
    let execution = world.start(&machine, json!({ "a": 1 })).await;
    let task = polling.await.unwrap();
    assert_eq!(task["input"], "{\"a\":1}");
    let token = text(&task, "taskToken");
    world
        .ok("SendTaskHeartbeat", json!({ "taskToken": token }))
        .await;
    let success = json!({ "taskToken": token, "output": "2" });
    world.ok("SendTaskSuccess", success.clone()).await;
    assert_eq!(
        world.refused("SendTaskSuccess", success).await.0,
        "TaskTimedOut"
    );
    drop(still);
    let ended = world.ended(&execution).await;
    assert_eq!(ended["output"], "2");
    let types = world.types(&execution).await;
    assert_eq!(
        types[2..5],
        ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]
    );
}

#[tokio::test]
async fn a_silent_worker_times_out() {
    let world = World::new();
    world.ok("CreateActivity", json!({ "name": "a" })).await;
    let machine = world.machine("m", works()).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["error"], "States.Timeout");
}

#[tokio::test]
async fn a_deleted_activity_is_gone() {
    let world = World::new();
    world.ok("CreateActivity", json!({ "name": "a" })).await;
    world.ok("CreateActivity", json!({ "name": "a" })).await;
    let listed = world.ok("ListActivities", json!({})).await;
    assert_eq!(listed["activities"].as_array().unwrap().len(), 1);
    let target = json!({ "activityArn": ACTIVITY });
    world.ok("DeleteActivity", target.clone()).await;
    assert_eq!(
        world.refused("DescribeActivity", target).await.0,
        "ActivityDoesNotExist"
    );
}
