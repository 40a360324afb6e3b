//! Integrations.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_failing_call_is_retried_with_back_off_and_then_caught() {
    let world = World::new();
    let mut machine = task(
        "arn:aws:states:::aws-sdk:s3:getObject",
        json!({ "Bucket": "nowhere", "Key": "nothing" }),
    );
    machine["States"]["Task"]["Retry"] = json!([{
        "ErrorEquals": ["S3.NoSuchBucketException"],
        "IntervalSeconds": 10,
        "BackoffRate": 2,
        "MaxAttempts": 3,
    }]);
    machine["States"]["Task"]["Catch"] = json!([{ "ErrorEquals": ["States.ALL"], "Next": "End" }]);
    machine["States"]["End"] = json!({ "Type": "Succeed" });
    let machine = world.machine("m", machine).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    // 10 + 20 + 40 seconds.
    assert_eq!(ended["stopDate"], "2026-01-01T00:01:10Z");
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(output["Error"], "S3.NoSuchBucketException");
    let cause = text(&output, "Cause");
    assert!(
        cause.contains("(Service: S3, Status Code: 404, Request ID: "),
        "{cause}"
    );
}

#[tokio::test]
async fn an_sdk_call_answers_in_the_names_of_step_functions() {
    let world = World::new();
    world.put_object("bucket", "key", "hello").await;
    let machine = task(
        "arn:aws:states:::aws-sdk:s3:getObject",
        json!({ "Bucket": "bucket", "Key": "key" }),
    );
    let machine = world.machine("m", machine).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(output["Body"], "hello");
    assert_eq!(output["ContentLength"], 5);
    assert!(output.get("ETag").is_some());
}

#[tokio::test]
async fn nested_executions_are_waited_for() {
    let world = World::new();
    let child = world.machine("child", wait(60)).await;
    let resource = |pattern: &str| format!("arn:aws:states:::states:startExecution{pattern}");
    let parameters = json!({ "StateMachineArn": child, "Input": { "a": 1 } });
    for (name, pattern, result) in [
        ("text", ".sync", json!("{\"a\":1}")),
        ("parsed", ".sync:2", json!({ "a": 1 })),
    ] {
        let machine = world
            .machine(name, task(&resource(pattern), parameters.clone()))
            .await;
        let ended = world.run(&machine, json!({})).await;
        assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
        assert_eq!(output["Output"], result);
        assert_eq!(output["Status"], "SUCCEEDED");
    }
    let machine = world
        .machine("started", task(&resource(""), parameters))
        .await;
    let ended = world.run(&machine, json!({})).await;
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    let members: Vec<&String> = output.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "ExecutionArn",
            "SdkHttpMetadata",
            "SdkResponseMetadata",
            "StartDate"
        ]
    );
}

#[tokio::test]
async fn a_failing_child_fails_its_parent_with_its_description() {
    let world = World::new();
    let fails = json!({
        "StartAt": "Fail",
        "States": { "Fail": { "Type": "Fail", "Error": "E", "Cause": "C" } },
    });
    let child = world.machine("child", fails).await;
    let parent = task(
        "arn:aws:states:::states:startExecution.sync:2",
        json!({ "StateMachineArn": child }),
    );
    let ended = world
        .run(&world.machine("parent", parent).await, json!({}))
        .await;
    assert_eq!(ended["error"], "States.TaskFailed");
    let cause: Value = serde_json::from_str(&text(&ended, "cause")).unwrap();
    assert_eq!(
        (&cause["Error"], &cause["Status"]),
        (&json!("E"), &json!("FAILED"))
    );
}

#[tokio::test]
async fn stopping_a_parent_stops_the_child_it_waits_for() {
    let world = World::new();
    let _still = world.aws.clock().busy();
    let child = world.machine("child", wait(60)).await;
    let parent = task(
        "arn:aws:states:::states:startExecution.sync",
        json!({ "StateMachineArn": child }),
    );
    let parent = world.machine("parent", parent).await;
    let execution = world.start(&parent, json!({})).await;
    world.until(&execution, "TaskSubmitted").await;
    world
        .ok("StopExecution", json!({ "executionArn": execution }))
        .await;
    world.ended(&execution).await;
    let children = world
        .ok("ListExecutions", json!({ "stateMachineArn": child }))
        .await;
    let child = text(&children["executions"][0], "executionArn");
    assert_eq!(world.ended(&child).await["status"], "ABORTED");
}

#[tokio::test]
async fn an_unknown_integration_is_refused() {
    let world = World::new();
    let definition = task("arn:aws:states:::dynamodb:query", json!({})).to_string();
    let create = json!({ "name": "m", "definition": definition, "roleArn": ROLE });
    assert_eq!(
        world.refused("CreateStateMachine", create).await.1,
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided \
         arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource \
         ARN, or the resource is not available in this region. at /States/Task/Resource'"
    );
}

#[tokio::test]
async fn a_message_body_may_be_any_json() {
    let world = World::new();
    let queue = json!({ "QueueName": "q" });
    let queue = world
        .aws
        .call(&world.scope, "sqs", "CreateQueue", queue)
        .await
        .unwrap();
    let queue = text(&queue, "QueueUrl");
    let machine = task(
        "arn:aws:states:::sqs:sendMessage",
        json!({ "QueueUrl": queue, "MessageBody": { "n.$": "$.n" } }),
    );
    let ended = world
        .run(&world.machine("m", machine).await, json!({ "n": 1 }))
        .await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    let members: Vec<&String> = output.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "MD5OfMessageBody",
            "MessageId",
            "SdkHttpMetadata",
            "SdkResponseMetadata"
        ]
    );
    let receive = json!({ "QueueUrl": queue });
    let received = world
        .aws
        .call(&world.scope, "sqs", "ReceiveMessage", receive)
        .await
        .unwrap();
    assert_eq!(received["Messages"][0]["Body"], "{\"n\":1}");
}

#[tokio::test]
async fn errors_of_optimised_integrations_are_named_as_recorded() {
    let world = World::new();
    let function = "arn:aws:lambda:eu-central-1:000000000000:function:no";
    let machine = "arn:aws:states:eu-central-1:000000000000:stateMachine:no";
    for (resource, parameters, error, cause) in [
        (
            "arn:aws:states:::states:startExecution",
            json!({ "StateMachineArn": machine }),
            "StepFunctions.StateMachineDoesNotExistException",
            "(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; \
             Request ID: ",
        ),
        (
            "arn:aws:states:::lambda:invoke",
            json!({ "FunctionName": function, "Payload": {} }),
            "Lambda.ResourceNotFoundException",
            "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; \
             Request ID: ",
        ),
        (
            function,
            json!({}),
            "Lambda.ResourceNotFoundException",
            "Function not found: arn:aws:lambda:eu-central-1:000000000000:function:no",
        ),
    ] {
        let name = format!("m{}", error.len() + resource.len());
        let machine = world.machine(&name, task(resource, parameters)).await;
        let ended = world.run(&machine, json!({})).await;
        assert_eq!(ended["error"], error, "{ended}");
        assert!(text(&ended, "cause").contains(cause), "{ended}");
    }
}
