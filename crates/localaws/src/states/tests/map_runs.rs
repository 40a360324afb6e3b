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

/// A machine that passes the items of a reader through.
fn through(reader: Value, writer: Option<Value>) -> Value {
    let mut map = json!({
        "Type": "Map",
        "ItemReader": reader,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
            "StartAt": "Pass",
            "States": { "Pass": { "Type": "Pass", "End": true } },
        },
        "End": true,
    });
    if let Some(writer) = writer {
        map["ResultWriter"] = writer;
    }
    json!({ "StartAt": "Map", "States": { "Map": map } })
}

impl World {
    async fn put_bytes(&self, key: &str, body: Vec<u8>) {
        let input = json!({ "Bucket": "bucket", "Key": key });
        self.aws
            .call_raw(&self.scope, "s3", "PutObject", input, body.into())
            .await
            .unwrap();
    }
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn items_come_from_files_and_from_files_that_name_files() {
    let world = World::new();
    let inventory = json!({
        "sourceBucket": "s", "destinationBucket": "arn:aws:s3:::bucket", "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size", "files": [{ "key": "inv/1.csv.gz" }, { "key": "inv/2.csv.gz" }],
    });
    world
        .put_object("bucket", "manifest.json", &inventory.to_string())
        .await;
    world
        .put_bytes(
            "inv/1.csv.gz",
            gzip("\"s\",\"x\",\"1\"\n\"s\",\"y\",\"2\"\n"),
        )
        .await;
    world
        .put_bytes("inv/2.csv.gz", gzip("\"s\",\"z\",\"3\"\n"))
        .await;
    let orc = json!({ "fileFormat": "ORC", "files": [] });
    world
        .put_object("bucket", "orc.json", &orc.to_string())
        .await;
    world
        .put_object(
            "bucket",
            "athena.csv",
            "s3://bucket/data/1\ns3://bucket/data/2\n",
        )
        .await;
    world
        .put_bytes("data/1", gzip("{\"n\":1}\n{\"n\":2}\n"))
        .await;
    world.put_object("bucket", "data/2", "{\"n\":3}\n").await;
    world
        .put_object("bucket", "one.json", r#"{"a":{"b":[1,2]}}"#)
        .await;
    let object = |key: &str, config: Value| {
        json!({
            "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config,
            "Parameters": { "Bucket": "bucket", "Key": key },
        })
    };
    let listed = |config: Value| {
        json!({
            "Resource": "arn:aws:states:::s3:listObjectsV2", "ReaderConfig": config,
            "Parameters": { "Bucket": "bucket", "Prefix": "data/" },
        })
    };
    let file = |key: &str, size: &str| json!({ "Bucket": "s", "Key": key, "Size": size });
    let numbers =
        |all: &[u64]| Value::from(all.iter().map(|n| json!({ "n": n })).collect::<Vec<_>>());
    for (at, (reader, wanted)) in [
        (
            object("manifest.json", json!({ "InputType": "MANIFEST" })),
            Ok(json!([file("x", "1"), file("y", "2"), file("z", "3")])),
        ),
        (
            object("manifest.json", json!({ "InputType": "MANIFEST", "MaxItems": 1 })),
            Ok(json!([file("x", "1")])),
        ),
        (
            object("athena.csv", json!({ "InputType": "JSONL", "ManifestType": "ATHENA_DATA" })),
            Ok(numbers(&[1, 2, 3])),
        ),
        (
            listed(json!({ "InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": 2 })),
            Ok(numbers(&[1, 2])),
        ),
        (
            object("one.json", json!({ "InputType": "JSON", "ItemsPointer": "/a/b" })),
            Ok(json!([1, 2])),
        ),
        (
            object("orc.json", json!({ "InputType": "MANIFEST" })),
            Err("Attempting to read an S3 inventory in the format 'ORC': only CSV can be read"),
        ),
        (
            object("one.json", json!({ "InputType": "PARQUET" })),
            Err("The input type PARQUET cannot be read by this endpoint"),
        ),
        (
            object("none", json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" })),
            Err("The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey)"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let machine = world.machine(&format!("m{at}"), through(reader, None)).await;
        let ended = world.run(&machine, json!({})).await;
        match wanted {
            Ok(items) => {
                let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
                assert_eq!(output, items);
            }
            Err(cause) => assert_eq!(
                (&ended["error"], &ended["cause"]),
                (&json!("States.ItemReaderFailed"), &json!(cause))
            ),
        }
    }
}

#[tokio::test]
async fn results_are_written_as_asked() {
    let world = World::new();
    world
        .put_object("bucket", "items.json", "[[1, 2], [3]]")
        .await;
    let reader = json!({
        "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" },
        "Parameters": { "Bucket": "bucket", "Key": "items.json" },
    });
    for (name, transformation, kind, wanted) in [
        ("compact", "COMPACT", "JSON", "[[1,2],[3]]"),
        ("flatten", "FLATTEN", "JSON", "[1,2,3]"),
        ("lines", "FLATTEN", "JSONL", "1\n2\n3\n"),
    ] {
        let writer = json!({
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": { "Bucket": "bucket", "Prefix": name },
            "WriterConfig": { "Transformation": transformation, "OutputType": kind },
        });
        let machine = world
            .machine(name, through(reader.clone(), Some(writer)))
            .await;
        let ended = world.run(&machine, json!({})).await;
        assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
        let key = text(&output["ResultWriterDetails"], "Key");
        let manifest = world.object("bucket", &key).await;
        let file = text(&manifest["ResultFiles"]["SUCCEEDED"][0], "Key");
        let input = json!({ "Bucket": "bucket", "Key": file });
        let reply = world
            .aws
            .call_raw(&world.scope, "s3", "GetObject", input, Bytes::new());
        assert_eq!(reply.await.unwrap().body, wanted.as_bytes());
    }
    let writer = json!({
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": { "Bucket": "nowhere", "Prefix": "p" },
    });
    let machine = world
        .machine("nowhere", through(reader, Some(writer)))
        .await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["error"], "States.ResultWriterFailed", "{ended}");
}
