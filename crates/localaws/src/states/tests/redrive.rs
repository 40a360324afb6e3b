//! Redrive, and updates of map runs.

use serde_json::json;

use super::*;

/// A machine that reads a parameter, which the test creates between two attempts.
fn needs(parameter: &str) -> Value {
    json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Parameters": { "Name": parameter },
        "ResultSelector": { "value.$": "$.Parameter.Value" },
        "End": true,
    })
}

impl World {
    async fn give(&self, parameter: &str) {
        let input = json!({ "Name": parameter, "Value": "v", "Type": "String" });
        let put = self.aws.call(&self.scope, "ssm", "PutParameter", input);
        put.await.unwrap();
    }

    async fn redrive(&self, execution: &str) -> Value {
        self.ok("RedriveExecution", json!({ "executionArn": execution }))
            .await
    }
}

#[tokio::test]
async fn only_what_failed_runs_again() {
    let world = World::new();
    let branch = |name: &str, state: Value| json!({ "StartAt": name, "States": { name: state } });
    let definition = json!({
        "StartAt": "First",
        "States": {
            "First": { "Type": "Pass", "Result": { "n": 1 }, "Assign": { "kept": 7 }, "Next": "Both" },
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    branch("A", json!({ "Type": "Pass", "Result": "done", "End": true })),
                    branch("B", needs("/missing")),
                    branch("C", json!({ "Type": "Wait", "Seconds": 60, "End": true })),
                ],
                "Next": "Last",
            },
            "Last": { "Type": "Pass", "Parameters": { "all.$": "$", "kept.$": "$kept" }, "End": true },
        },
    });
    let machine = world.machine("m", definition).await;
    let failed = world.run(&machine, json!({})).await;
    assert_eq!(failed["status"], "FAILED");
    assert_eq!(failed["redriveStatus"], "REDRIVABLE");
    let execution = text(&failed, "executionArn");
    let before = world.types(&execution).await;

    world.give("/missing").await;
    let request = json!({ "executionArn": execution, "clientToken": "t" });
    let first = world.ok("RedriveExecution", request.clone()).await;
    let ended = world.ended(&execution).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    assert_eq!(ended["redriveCount"], 1);
    assert_eq!(ended["redriveDate"], first["redriveDate"]);
    assert_eq!(ended.get("error"), None);
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(
        output,
        json!({ "all": ["done", { "value": "v" }, { "n": 1 }], "kept": 7 })
    );
    let after = world.types(&execution).await;
    assert_eq!(after[..before.len()], before);
    let again = after[before.len()..].join(" ");
    assert_eq!(
        again,
        "ExecutionRedriven TaskScheduled TaskStarted TaskSucceeded TaskStateExited \
         WaitStateExited ParallelStateSucceeded ParallelStateExited PassStateEntered \
         PassStateExited ExecutionSucceeded"
    );
    // The same token answers the same, although the execution has ended by now.
    assert_eq!(world.ok("RedriveExecution", request).await, first);
    let list = json!({ "stateMachineArn": machine, "redriveFilter": "REDRIVEN" });
    let list = world.ok("ListExecutions", list).await;
    assert_eq!(list["executions"][0]["redriveCount"], 1);
}

#[tokio::test]
async fn what_cannot_be_redriven_says_why() {
    let world = World::new();
    let still = world.aws.clock().busy();
    let running = world.machine("waits", wait(60)).await;
    let running = world.start(&running, json!({})).await;
    let succeeded = world.machine("passes", pass()).await;
    let succeeded = text(&world.run(&succeeded, json!({})).await, "executionArn");
    let fail = json!({ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "E" } } });
    let old = world.machine("fails", fail).await;
    let old = text(&world.run(&old, json!({})).await, "executionArn");
    let missing = "arn:aws:states:eu-central-1:000000000000:execution:waits:nobody";
    for (execution, code, message) in [
        (
            running.as_str(),
            "ExecutionNotRedrivable",
            "Execution is RUNNING and cannot be redriven".to_owned(),
        ),
        (
            &succeeded,
            "ExecutionNotRedrivable",
            "Execution is SUCCEEDED and cannot be redriven".to_owned(),
        ),
        (
            missing,
            "ExecutionDoesNotExist",
            format!("Execution Does Not Exist: '{missing}'"),
        ),
        (
            "nonsense",
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: nonsense'".to_owned(),
        ),
    ] {
        let before = world.call("DescribeExecution", json!({ "executionArn": execution }));
        let before = before.await.ok();
        let input = json!({ "executionArn": execution });
        let refused = world.refused("RedriveExecution", input.clone()).await;
        assert_eq!(refused, (code.to_owned(), message));
        let after = world.call("DescribeExecution", input).await.ok();
        assert_eq!(before, after);
    }
    // A Fail state is entered again and fails again, until 14 days have passed.
    world.redrive(&old).await;
    let failed = world.ended(&old).await;
    assert_eq!(failed["error"], "E");
    assert_eq!(
        world.types(&old).await[3..],
        ["ExecutionRedriven", "FailStateEntered", "ExecutionFailed"]
    );
    drop(still);
    let fortnight = std::time::Duration::from_secs(14 * 86_400 + 1);
    let passed = world.aws.clock().sleep(fortnight);
    world.aws.clock().track(passed).await;
    let refused = world
        .refused("RedriveExecution", json!({ "executionArn": old }))
        .await;
    assert_eq!(refused.1, "Execution redrivable period exceeded");
    assert_eq!(
        world.describe(&old).await["redriveStatus"],
        "NOT_REDRIVABLE"
    );
}

fn over_items(kind: &str, processor: Value) -> Value {
    json!({
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "Label": "Each",
                "MaxConcurrency": 1,
                "ItemsPath": "$.items",
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": kind },
                    "StartAt": "Work",
                    "States": processor,
                },
                "End": true,
            },
        },
    })
}

#[tokio::test]
async fn a_map_run_redrives_its_children() {
    for kind in ["STANDARD", "EXPRESS"] {
        let world = World::new();
        let mut work = needs("/missing");
        work["Parameters"] = json!({ "Name.$": "$" });
        let machine = world
            .machine("m", over_items(kind, json!({ "Work": work })))
            .await;
        world.give("/one").await;
        let input = json!({ "items": ["/one", "/missing", "/later"] });
        let failed = world.run(&machine, input).await;
        assert_eq!(failed["error"], "States.ExceedToleratedFailureThreshold");
        let execution = text(&failed, "executionArn");
        let runs = world
            .ok("ListMapRuns", json!({ "executionArn": execution }))
            .await;
        let run = json!({ "mapRunArn": runs["mapRuns"][0]["mapRunArn"] });
        let described = world.ok("DescribeMapRun", run.clone()).await;
        assert_eq!(described["status"], "FAILED");
        assert_eq!(described["executionCounts"]["pending"], 1);
        let children = world.ok("ListExecutions", run.clone()).await;
        if kind == "STANDARD" {
            let child = text(&children["executions"][0], "executionArn");
            assert_eq!(
                world.describe(&child).await["redriveStatus"],
                "REDRIVABLE_BY_MAP_RUN"
            );
            let alone = world
                .refused("RedriveExecution", json!({ "executionArn": child }))
                .await;
            assert_eq!(alone.0, "ExecutionNotRedrivable");
        }

        world.give("/missing").await;
        world.give("/later").await;
        world.redrive(&execution).await;
        let ended = world.ended(&execution).await;
        assert_eq!(ended["status"], "SUCCEEDED", "{kind}: {ended}");
        assert_eq!(
            ended["output"],
            "[{\"value\":\"v\"},{\"value\":\"v\"},{\"value\":\"v\"}]"
        );
        let types = world.types(&execution).await.join(" ");
        assert!(
            types.ends_with(
                "ExecutionFailed ExecutionRedriven MapRunRedriven MapRunSucceeded \
                 MapStateSucceeded MapStateExited ExecutionSucceeded"
            ),
            "{types}"
        );
        let described = world.ok("DescribeMapRun", run.clone()).await;
        assert_eq!(described["status"], "SUCCEEDED");
        assert_eq!(described["redriveCount"], 1);
        let counts = &described["executionCounts"];
        assert_eq!(
            [
                &counts["succeeded"],
                &counts["failed"],
                &counts["pendingRedrive"]
            ],
            [3, 0, 0]
        );
        if kind == "STANDARD" {
            let redriven = json!({ "mapRunArn": run["mapRunArn"], "redriveFilter": "REDRIVEN" });
            let redriven = world.ok("ListExecutions", redriven).await;
            assert_eq!(redriven["executions"].as_array().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_map_run_is_updated_while_it_runs() {
    let world = World::new();
    let still = world.aws.clock().busy();
    let work = json!({ "Work": { "Type": "Wait", "Seconds": 60, "End": true } });
    let machine = world.machine("m", over_items("STANDARD", work)).await;
    let execution = world
        .start(&machine, json!({ "items": [1, 2, 3, 4] }))
        .await;
    let run = loop {
        let runs = json!({ "executionArn": execution });
        let runs = world.ok("ListMapRuns", runs).await;
        if let Some(run) = runs["mapRuns"].get(0) {
            break text(run, "mapRunArn");
        }
        tokio::task::yield_now().await;
    };
    let update = json!({ "mapRunArn": run, "maxConcurrency": 4, "toleratedFailureCount": 2 });
    world.ok("UpdateMapRun", update.clone()).await;
    let described = world
        .ok("DescribeMapRun", json!({ "mapRunArn": run }))
        .await;
    assert_eq!(
        [
            &described["maxConcurrency"],
            &described["toleratedFailureCount"]
        ],
        [4, 2]
    );
    drop(still);
    let ended = world.ended(&execution).await;
    // All at once, not a minute each.
    assert_eq!(ended["stopDate"], "2026-01-01T00:01:00Z");
    assert_eq!(
        world.refused("UpdateMapRun", update).await.0,
        "ValidationException"
    );
    let unknown = json!({ "mapRunArn": format!("{run}0"), "maxConcurrency": 1 });
    assert_eq!(
        world.refused("UpdateMapRun", unknown).await.0,
        "ResourceNotFound"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redriven_execution_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.sqlite");
    let work = json!({
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
            "Parameters": { "Name.$": "$" },
            "ResultPath": null,
            "Next": "Rest",
        },
        "Rest": { "Type": "Wait", "Seconds": 60, "End": true },
    });
    let execution = {
        let world = World::with_store(Store::open(&file).unwrap());
        let machine = world.machine("m", over_items("STANDARD", work)).await;
        let failed = world.run(&machine, json!({ "items": ["/a", "/b"] })).await;
        assert_eq!(failed["status"], "FAILED");
        world.saved().await;
        text(&failed, "executionArn")
    };
    // The journal alone tells how far the execution had come.
    {
        let world = World::with_store(Store::open(&file).unwrap());
        world.give("/a").await;
        world.give("/b").await;
        let still = world.aws.clock().busy();
        world.redrive(&execution).await;
        world.until(&execution, "MapRunRedriven").await;
        world.saved().await;
        std::mem::forget(still);
    }
    let world = World::with_store(Store::open(&file).unwrap());
    let ended = world.ended(&execution).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    assert_eq!(ended["redriveCount"], 1);
    let runs = world
        .ok("ListMapRuns", json!({ "executionArn": execution }))
        .await;
    let run = json!({ "mapRunArn": runs["mapRuns"][0]["mapRunArn"] });
    let described = world.ok("DescribeMapRun", run).await;
    assert_eq!(described["redriveCount"], 1);
    assert_eq!(described["executionCounts"]["succeeded"], 2);
}
