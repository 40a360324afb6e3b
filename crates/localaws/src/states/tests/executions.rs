//! Executions: start, stop, describe, list, history.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_month_of_waiting_takes_no_time() {
    let world = World::new();
    let arn = world.machine("m", wait(30 * 86_400)).await;
    let ended = world.run(&arn, json!({ "a": 1 })).await;
    assert_eq!(ended["status"], "SUCCEEDED");
    assert_eq!(ended["output"], "{\"a\":1}");
    assert_eq!(ended["startDate"], "2026-01-01T00:00:00Z");
    assert_eq!(ended["stopDate"], "2026-01-31T00:00:00Z");
}

#[tokio::test]
async fn names_are_idempotent_while_the_execution_runs() {
    let world = World::new();
    let still = world.aws.clock().busy();
    let arn = world.machine("m", wait(60)).await;
    let start = json!({ "stateMachineArn": arn, "name": "n", "input": "{\"a\": 1}" });
    let first = world.ok("StartExecution", start.clone()).await;
    assert_eq!(world.ok("StartExecution", start.clone()).await, first);
    let other = json!({ "stateMachineArn": arn, "name": "n", "input": "{}" });
    let execution = text(&first, "executionArn");
    let exists = (
        "ExecutionAlreadyExists".to_owned(),
        format!("Execution Already Exists: '{execution}'"),
    );
    assert_eq!(world.refused("StartExecution", other).await, exists);
    drop(still);
    world.ended(&execution).await;
    assert_eq!(world.refused("StartExecution", start).await, exists);
}

#[tokio::test]
async fn bad_input_changes_nothing() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    let too_large = format!("\"{}\"", "x".repeat(262_144));
    for (input, code, message) in [
        (
            json!({ "input": "" }),
            "InvalidExecutionInput",
            "'Invalid execution input.'",
        ),
        (
            json!({ "input": "not some json" }),
            "InvalidExecutionInput",
            "Unrecognized token 'not'",
        ),
        (
            json!({ "input": too_large }),
            "ValidationException",
            "less than or equal to 262144",
        ),
        (
            json!({ "name": "a/b" }),
            "InvalidName",
            "Invalid Name: 'a/b'",
        ),
        (
            json!({ "stateMachineArn": "x" }),
            "InvalidArn",
            "'Invalid ARN prefix: x'",
        ),
        (
            json!({ "stateMachineArn": format!("{arn}x") }),
            "StateMachineDoesNotExist",
            "State Machine Does Not Exist: '",
        ),
    ] {
        let mut start = json!({ "stateMachineArn": arn });
        start
            .as_object_mut()
            .unwrap()
            .extend(input.as_object().unwrap().clone());
        let refused = world.refused("StartExecution", start).await;
        assert_eq!(refused.0, code);
        assert!(refused.1.contains(message), "{}", refused.1);
    }
    let listed = world
        .ok("ListExecutions", json!({ "stateMachineArn": arn }))
        .await;
    assert_eq!(listed, json!({ "executions": [] }));
}

#[tokio::test]
async fn stopping_ends_what_runs() {
    let world = World::new();
    let _still = world.aws.clock().busy();
    let arn = world.machine("m", wait(60)).await;
    let execution = world.start(&arn, json!({})).await;
    world.until(&execution, "WaitStateEntered").await;
    let stop = json!({ "executionArn": execution, "error": "E", "cause": "C" });
    world.ok("StopExecution", stop).await;
    let ended = world.ended(&execution).await;
    assert_eq!(ended["status"], "ABORTED");
    assert_eq!(
        (&ended["error"], &ended["cause"]),
        (&json!("E"), &json!("C"))
    );
    let history = json!({ "executionArn": execution, "reverseOrder": true, "maxResults": 1 });
    let last = world.ok("GetExecutionHistory", history).await;
    assert_eq!(last["events"][0]["type"], "ExecutionAborted");
    assert_eq!(last["events"][0]["previousEventId"], 0);
}

#[tokio::test]
async fn history_pages_are_the_same_in_both_directions() {
    let world = World::new();
    let arn = world.machine("m", wait(1)).await;
    let execution = world.start(&arn, json!({})).await;
    world.ended(&execution).await;
    let mut orders = Vec::new();
    for reverse in [false, true] {
        let mut ids = Vec::new();
        let mut page = json!({
            "executionArn": execution,
            "maxResults": 2,
            "reverseOrder": reverse,
            "includeExecutionData": reverse,
        });
        loop {
            let history = world.ok("GetExecutionHistory", page.clone()).await;
            for event in history["events"].as_array().unwrap() {
                ids.push(event["id"].as_u64().unwrap());
                let details = event.get("executionStartedEventDetails");
                assert!(details.is_none_or(|details| details.get("input").is_some() == reverse));
            }
            let Some(next) = history.get("nextToken") else {
                break;
            };
            page["nextToken"] = next.clone();
        }
        orders.push(ids);
    }
    let second = orders.pop().unwrap();
    assert_eq!(orders[0], [1, 2, 3, 4]);
    assert_eq!(second, [4, 3, 2, 1]);
}

#[tokio::test]
async fn lists_are_filtered_and_newest_first() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    let mut started = Vec::new();
    for _ in 0..3 {
        started.push(world.start(&arn, json!({})).await);
    }
    for execution in &started {
        world.ended(execution).await;
    }
    let list = json!({ "stateMachineArn": arn, "statusFilter": "SUCCEEDED", "maxResults": 2 });
    let page = world.ok("ListExecutions", list).await;
    let shown: Vec<String> = page["executions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|execution| text(execution, "executionArn"))
        .collect();
    assert_eq!(shown, [started[2].clone(), started[1].clone()]);
    assert!(page.get("nextToken").is_some());
    let failed = json!({ "stateMachineArn": arn, "statusFilter": "FAILED" });
    assert_eq!(
        world.ok("ListExecutions", failed).await,
        json!({ "executions": [] })
    );
}

#[tokio::test]
async fn express_executions_answer_at_once() {
    let world = World::new();
    let create = json!({
        "name": "e",
        "definition": wait(2).to_string(),
        "roleArn": ROLE,
        "type": "EXPRESS",
    });
    let arn = text(
        &world.ok("CreateStateMachine", create).await,
        "stateMachineArn",
    );
    let start = json!({ "stateMachineArn": arn, "name": "n", "input": "{\"a\":1}" });
    let answer = world.ok("StartSyncExecution", start).await;
    assert_eq!(answer["status"], "SUCCEEDED");
    assert_eq!(answer["output"], "{\"a\":1}");
    assert_eq!(
        answer["billingDetails"]["billedDurationInMilliseconds"],
        2000
    );
    let execution = text(&answer, "executionArn");
    assert!(execution.starts_with("arn:aws:states:eu-central-1:000000000000:express:e:n:"));
    let describe = json!({ "executionArn": execution });
    assert_eq!(
        world.refused("DescribeExecution", describe).await.1,
        "Invalid Arn: 'Resource type not valid in this context: express'"
    );
    let list = json!({ "stateMachineArn": arn });
    assert_eq!(
        world.refused("ListExecutions", list).await.0,
        "StateMachineTypeNotSupported"
    );
}
