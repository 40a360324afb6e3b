//! Distributed Map.

use serde_json::json;

use super::*;

fn over_s3(processor: Value) -> Value {
    json!({
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "Label": "Each",
                "MaxConcurrency": 3,
                "ToleratedFailurePercentage": 100,
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": { "InputType": "JSONL" },
                    "Parameters": { "Bucket": "items", "Key": "items.jsonl" },
                },
                "ItemProcessor": processor,
                "ResultWriter": {
                    "Resource": "arn:aws:states:::s3:putObject",
                    "Parameters": { "Bucket": "items", "Prefix": "results" },
                },
                "End": true,
            },
        },
    })
}

#[tokio::test]
async fn children_work_on_the_lines_of_an_object() {
    let world = World::new();
    let lines: Vec<String> = (0..20).map(|n| json!({ "n": n }).to_string()).collect();
    world
        .put_object("items", "items.jsonl", &lines.join("\n"))
        .await;
    let processor = json!({
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "Is it odd?",
        "States": {
            "Is it odd?": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.n", "NumericEquals": 7, "Next": "Fail" }],
                "Default": "Rest",
            },
            "Rest": { "Type": "Wait", "Seconds": 60, "End": true },
            "Fail": { "Type": "Fail", "Error": "Seven", "Cause": "an example" },
        },
    });
    let machine = world.machine("m", over_s3(processor)).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");

    let of = json!({ "executionArn": ended["executionArn"] });
    let runs = world.ok("ListMapRuns", of).await;
    let run = text(&runs["mapRuns"][0], "mapRunArn");
    assert!(run.starts_with("arn:aws:states:eu-central-1:000000000000:mapRun:m/Each:"));
    let described = world
        .ok("DescribeMapRun", json!({ "mapRunArn": run }))
        .await;
    assert_eq!(described["status"], "SUCCEEDED");
    assert_eq!(described["maxConcurrency"], 3);
    assert_eq!(described["executionCounts"]["succeeded"], 19);
    assert_eq!(described["itemCounts"]["failed"], 1);
    let children = world
        .ok("ListExecutions", json!({ "mapRunArn": run }))
        .await;
    let child = &children["executions"][0];
    let prefix = "arn:aws:states:eu-central-1:000000000000:execution:m/Each:";
    assert!(text(child, "executionArn").starts_with(prefix));
    let of_child = json!({ "executionArn": child["executionArn"] });
    let machine = world.ok("DescribeStateMachineForExecution", of_child).await;
    assert_eq!(machine["label"], "Each");
    assert!(text(&machine, "definition").contains("Is it odd?"));
    // 19 children that wait for a minute, three at a time.
    assert_eq!(described["stopDate"], "2026-01-01T00:07:00Z");

    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(output["MapRunArn"], run);
    let key = text(&output["ResultWriterDetails"], "Key");
    let id = run.rsplit(':').next().unwrap();
    assert_eq!(key, format!("results/{id}/manifest.json"));
    let manifest = world.object("items", &key).await;
    assert_eq!(manifest["MapRunArn"], run);
    let failed = text(&manifest["ResultFiles"]["FAILED"][0], "Key");
    let failed = world.object("items", &failed).await;
    assert_eq!(failed[0]["Error"], "Seven");
    assert_eq!(failed[0]["Input"], "{\"n\":7}");
    let succeeded = text(&manifest["ResultFiles"]["SUCCEEDED"][0], "Key");
    let succeeded = world.object("items", &succeeded).await;
    assert_eq!(succeeded.as_array().unwrap().len(), 19);
    assert_eq!(
        succeeded[0]["StateMachineArn"],
        runs["mapRuns"][0]["stateMachineArn"]
    );
}

#[tokio::test]
async fn a_missing_object_fails_the_map_run() {
    let world = World::new();
    world.put_object("items", "other", "").await;
    let mut processor = pass();
    processor["ProcessorConfig"] = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
    let machine = world.machine("m", over_s3(processor)).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["error"], "States.ItemReaderFailed");
    let types = world.types(&text(&ended, "executionArn")).await;
    assert!(types.iter().any(|kind| kind == "MapRunFailed"), "{types:?}");
}
