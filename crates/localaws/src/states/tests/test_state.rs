//! `TestState`, as far as no recording shows it: states that really run, and refusals.

use serde_json::json;

use super::*;

async fn test(world: &World, definition: Value, more: Value) -> Result<Value, AwsError> {
    let mut input = json!({
        "definition": definition.to_string(),
        "inspectionLevel": "TRACE",
        "roleArn": ROLE,
        "input": "{\"name\":\"/p\"}",
    });
    for (member, value) in more.as_object().unwrap() {
        input[member] = value.clone();
    }
    input
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    world.call("TestState", input).await
}

#[tokio::test]
async fn a_task_is_run_and_its_error_judged() {
    let world = World::new();
    let read = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Parameters": { "Name.$": "$.name" },
        "ResultSelector": { "value.$": "$.Parameter.Value" },
        "ResultPath": "$.found",
        "Retry": [{ "ErrorEquals": ["Ssm.ParameterNotFoundException"], "MaxAttempts": 1 }],
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Mend" }],
        "Next": "Use",
    });
    let missing = test(&world, read.clone(), json!({})).await.unwrap();
    assert_eq!(missing["status"], "RETRIABLE", "{missing}");
    assert_eq!(missing["error"], "Ssm.ParameterNotFoundException");
    let details = &missing["inspectionData"]["errorDetails"];
    let first = json!({ "retryIndex": 0, "retryBackoffIntervalSeconds": 1 });
    assert_eq!(*details, first);
    let input = json!({ "Name": "/p", "Value": "v", "Type": "String" });
    let put = world.aws.call(&world.scope, "ssm", "PutParameter", input);
    put.await.unwrap();
    let found = test(&world, read, json!({})).await.unwrap();
    assert_eq!(found["status"], "SUCCEEDED");
    assert_eq!(found["nextState"], "Use");
    let output = "{\"name\":\"/p\",\"found\":{\"value\":\"v\"}}";
    assert_eq!(found["output"], output);
    let steps = &found["inspectionData"];
    assert_eq!(steps["afterParameters"], "{\"Name\":\"/p\"}");
    assert_eq!(steps["afterResultSelector"], "{\"value\":\"v\"}");
    // Nothing of it is listed.
    let machines = world.ok("ListStateMachines", json!({})).await;
    assert_eq!(machines, json!({ "stateMachines": [] }));
}

#[tokio::test]
async fn a_wait_takes_its_time() {
    let world = World::new();
    let wait = json!({ "Type": "Wait", "Seconds": 60, "End": true });
    let waited = test(&world, wait, json!({})).await.unwrap();
    assert_eq!(waited["status"], "SUCCEEDED");
    let now = world.aws.clock().now().to_string();
    assert_eq!(now, "2026-01-01T00:01:00Z");
    let day = json!({ "Type": "Wait", "Seconds": 86_400, "End": true });
    let late = test(&world, day, json!({})).await.unwrap();
    assert_eq!(late["status"], "FAILED");
    assert_eq!(late["error"], "States.Timeout");
}

#[tokio::test]
async fn what_cannot_be_tested_is_refused() {
    let world = World::new();
    let pass = json!({ "Type": "Pass", "End": true });
    let waits = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" },
        "End": true,
    });
    for (definition, more, code, message) in [
        (
            json!({ "Type": "Pass", "Ende": true, "End": true }),
            json!({}),
            "InvalidDefinition",
            "SCHEMA_VALIDATION_FAILED",
        ),
        (
            json!({ "Type": "Pass" }),
            json!({}),
            "InvalidDefinition",
            " at /States/StateName'",
        ),
        (
            pass.clone(),
            json!({ "input": "{" }),
            "InvalidExecutionInput",
            "Unexpected end",
        ),
        (
            pass.clone(),
            json!({ "variables": "[]" }),
            "ValidationException",
            "JSON object",
        ),
        (
            pass,
            json!({ "roleArn": "nobody" }),
            "InvalidArn",
            "Invalid ARN prefix: nobody",
        ),
        (waits, json!({}), "InvalidDefinition", ".waitForTaskToken"),
    ] {
        let refused = test(&world, definition.clone(), more).await.unwrap_err();
        assert_eq!(refused.code, code, "{definition}: {}", refused.message);
        assert!(refused.message.contains(message), "{}", refused.message);
    }
}

#[tokio::test]
async fn a_configuration_is_one_for_the_state() {
    let world = World::new();
    let map = json!({
        "Type": "Map", "End": true, "ItemsPath": "$.items", "MaxConcurrency": 1,
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
            "Parameters": { "Bucket": "b", "Key": "k" },
        },
        "ItemSelector": { "n.$": "$$.Map.Item.Value.a" },
        "ItemBatcher": { "MaxItemsPerBatch": 2 },
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Inside", "States": { "Inside": { "Type": "Pass", "End": true } },
        },
    });
    let mocked = |configuration: Value, mock: Value| json!({ "stateConfiguration": configuration, "mock": mock });
    let failure = || json!({ "errorOutput": { "error": "Bad", "cause": "why" } });
    let data = json!({ "mapItemReaderData": "a,b\n1,2\n3,4\n5,6\n" });
    let tested = test(&world, map.clone(), mocked(data, json!({ "result": "[]" })));
    let steps = &tested.await.unwrap()["inspectionData"];
    let selected = r#"[{"n":"1"},{"n":"3"},{"n":"5"}]"#;
    assert_eq!(steps["afterItemSelector"], selected);
    let batches = r#"[{"Items":[{"n":"1"},{"n":"3"}]},{"Items":[{"n":"5"}]}]"#;
    assert_eq!(steps["afterItemBatcher"], batches);
    let inside = json!({ "errorCausedByState": "Inside" });
    let failed = test(&world, map.clone(), mocked(inside.clone(), failure()));
    assert_eq!(failed.await.unwrap()["error"], "Bad");

    let task = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                       "Parameters": { "FunctionName": "f" } });
    for (definition, more, wanted) in [
        (
            &map,
            mocked(inside.clone(), json!({ "result": "[]" })),
            "when an error is mocked",
        ),
        (&task, mocked(inside, failure()), "State type 'Task'"),
        (
            &task,
            mocked(json!({ "mapItemReaderData": "[]" }), failure()),
            "with an ItemReader",
        ),
        (
            &task,
            json!({ "context": "{}" }),
            "TestState does not support Context when a mock is not specified.",
        ),
        (
            &task,
            json!({ "context": r#"{"Execution":{"Id":1}}"#, "mock": failure() }),
            "Invalid Context object provided: Execution.Id must be a string",
        ),
        (
            &task,
            json!({ "context": r#"{"State":{"Names":"s"}}"#, "mock": failure() }),
            "Invalid Context object provided: Field 'Names' is not allowed",
        ),
        (
            &task,
            json!({ "roleArn": null }),
            "RoleArn must be specified when testing a Task state",
        ),
    ] {
        let refused = test(&world, definition.clone(), more).await.unwrap_err();
        assert_eq!(refused.code, "ValidationException");
        assert!(refused.message.contains(wanted), "{}", refused.message);
    }
}
