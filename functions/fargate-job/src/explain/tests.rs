//! Tests of `explain` as a whole.

use serde_json::{Value, json};

use super::*;
use crate::ports::memory::Memory;

fn request(failure: Value, more: Value) -> Request {
    let mut request = json!({
        "run": {"name": "a", "arn": "arn:aws:states:eu-west-1:111122223333:execution:j:a",
                "startedAt": "2026-11-22T10:00:00.000Z"},
        "job": {
            "timeoutSeconds": 60,
            "task": {"cluster": "c", "taskDefinition": "f:1", "families": ["f"], "group": "job:j:a",
                     "container": "job", "network": {}, "overrides": {}, "containerOverride": {},
                     "environment": [], "log": {"group": "/jobs", "prefix": "job"}},
            "policy": {"attempts": 3, "backoffSeconds": 10, "maxBackoffSeconds": 25, "spotInterruptions": 2,
                       "onFailure": {"exit": "retry", "exit:3": "ignore", "exit:4": "fail", "spot": "retry",
                                     "timeout": "retry", "capacity": "retry"}},
        },
        "group": "job:j:a", "failure": failure, "attempt": 1, "interruptions": 0, "spot": false,
    });
    for (name, value) in more.as_object().unwrap() {
        request[name] = value.clone();
    }
    serde_json::from_value(request).unwrap()
}

fn exited(stop_code: &str, code: i64) -> Value {
    let task = json!({
        "TaskArn": "arn:aws:ecs:eu-west-1:111122223333:task/c/0123", "StopCode": stop_code,
        "StoppedReason": "why", "Containers": [{"Name": "job", "ExitCode": code, "Reason": "because"}],
    });
    json!({"error": "States.TaskFailed", "cause": task.to_string()})
}

#[tokio::test]
async fn the_cause_has_all_that_a_person_asks_for() {
    let port = Memory::default();
    let lines = ["one", "two"].map(str::to_owned).to_vec();
    port.state().logs.insert("job/job/0123".into(), lines);
    let verdict = handle(
        request(exited("EssentialContainerExited", 42), json!({})),
        &port,
    );
    let verdict = verdict.await.unwrap();
    assert_eq!(verdict.error, "Job.Exit.42");
    assert_eq!(
        verdict.cause,
        "the container exited with 42 (attempt 1); container: because; task: EssentialContainerExited, why; \
         arn:aws:ecs:eu-west-1:111122223333:task/c/0123; \
         log: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fjobs/log-events/job$252Fjob$252F0123; \
         its last lines:\none\ntwo"
    );
}

#[tokio::test]
async fn policies_decide_what_follows() {
    let essential = "EssentialContainerExited";
    for (failure, more, next, attempt, spot, delay) in [
        (
            exited(essential, 1),
            json!({}),
            Next::Retry,
            2,
            false,
            (5, 10),
        ),
        (
            exited(essential, 1),
            json!({"attempt": 2}),
            Next::Retry,
            3,
            false,
            (10, 20),
        ),
        (
            exited(essential, 1),
            json!({"attempt": 3}),
            Next::Fail,
            3,
            false,
            (12, 25),
        ),
        (
            exited(essential, 3),
            json!({}),
            Next::Succeed,
            1,
            false,
            (5, 10),
        ),
        (
            exited(essential, 4),
            json!({}),
            Next::Fail,
            1,
            false,
            (5, 10),
        ),
        (
            exited(essential, 0),
            json!({}),
            Next::Succeed,
            1,
            false,
            (5, 10),
        ),
        (
            exited("UserInitiated", 143),
            json!({}),
            Next::Fail,
            1,
            false,
            (5, 10),
        ),
        (
            exited("SpotInterruption", 143),
            json!({"spot": true, "attempt": 3}),
            Next::Retry,
            3,
            true,
            (12, 25),
        ),
        (
            exited("SpotInterruption", 143),
            json!({"spot": true, "interruptions": 1}),
            Next::Retry,
            1,
            false,
            (10, 20),
        ),
    ] {
        let port = Memory::default();
        let said = format!("{failure} {more}");
        let verdict = handle(request(failure, more), &port).await.unwrap();
        let found = (
            verdict.next,
            verdict.attempt,
            verdict.spot,
            (verdict.delay_from, verdict.delay_to),
        );
        assert_eq!(found, (next, attempt, spot, delay), "{said}");
    }
}

#[tokio::test]
async fn a_container_that_still_stops_is_waited_for() {
    let port = Memory::default();
    port.state().tasks.push(json!({
        "taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/c/9", "group": "job:j:a",
        "lastStatus": "DEPROVISIONING", "stopCode": "UserInitiated", "containers": [{"name": "job"}],
    }));
    let failure = json!({"error": "States.Timeout", "cause": ""});
    let verdict = handle(request(failure, json!({})), &port).await.unwrap();
    assert_eq!(verdict.error, "Job.TimedOut");
    assert_eq!(verdict.log_stream.as_deref(), Some("job/job/9"));
    assert_eq!((verdict.delay_from, verdict.delay_to), (130, 130));
}

#[tokio::test]
async fn an_array_is_weighed() {
    let port = Memory::default();
    let put = |key: &str, value: Value| {
        let body = value.to_string().into_bytes();
        port.state().files.insert(key.to_owned(), body);
    };
    put(
        "m/manifest.json",
        json!({"ResultFiles": {
            "FAILED": [{"Key": "m/FAILED_0.json"}], "PENDING": [], "SUCCEEDED": [{"Key": "m/SUCCEEDED_0.json"}],
        }}),
    );
    let input = |index: u64| json!({"item": {"index": index}}).to_string();
    put(
        "m/FAILED_0.json",
        json!([
            {"Input": input(7), "Error": "Job.Exit.1", "Cause": "x"},
            {"Input": input(3), "Error": "Job.Exit.2", "Cause": "y"},
        ]),
    );
    for (tolerated, next) in [(1, Next::Fail), (2, Next::Succeed)] {
        let request = json!({
            "array": {"count": 20, "concurrency": 5, "tolerated": tolerated, "bucket": "b",
                      "itemsKey": "i", "mapPrefix": "m"},
            "results": {"Bucket": "b", "Key": "m/manifest.json"},
        });
        let verdict = handle(serde_json::from_value(request).unwrap(), &port)
            .await
            .unwrap();
        assert_eq!(verdict.next, next);
        let said = format!(
            "2 of 20 items failed, {tolerated} may: item 3: Job.Exit.2: y; item 7: Job.Exit.1: x"
        );
        assert_eq!(verdict.cause, said);
        assert_eq!(verdict.array.unwrap()["succeeded"], 18);
    }
}
