//! Tests of `prepare` as a whole.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::ports::memory::Memory;

const ECR: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/report";

/// What was deployed.
fn deployed() -> Value {
    json!({
        "job": "nightly", "table": "t", "bucket": "b", "cluster": "c", "taskDefinition": "arn:def/nightly:1",
        "container": "", "subnets": "subnet-1,subnet-2", "securityGroups": "", "assignPublicIp": "ENABLED",
        "historyDays": 90, "queueLimit": 5, "onFailure": "exit:75=retry,exit=fail",
        "run": {"command": ["python", "report.py"], "environment": {"STAGE": "prod", "DAY": "today"},
                "overlap": "skip", "queueSeconds": 60, "timeoutSeconds": 600, "attempts": 3,
                "backoffSeconds": 10, "maxBackoffSeconds": 600, "spot": false, "spotInterruptions": 2},
    })
}

/// The deployed task definition.
pub(super) fn definition() -> Value {
    json!({
        "taskDefinitionArn": "arn:def/nightly:1", "family": "nightly", "cpu": "256", "memory": "512",
        "status": "ACTIVE", "containerDefinitions": [
            {"name": "proxy", "essential": false, "image": "proxy:1"},
            {"name": "job", "essential": true, "image": format!("{ECR}:live"), "logConfiguration": {
                "logDriver": "awslogs", "options": {"awslogs-group": "/jobs", "awslogs-stream-prefix": "job"}}},
        ],
    })
}

/// What a run with an empty input is to do.
pub(super) fn wanted() -> Wanted {
    let settings = serde_json::from_value(deployed()).unwrap();
    input::read(&settings, &json!({})).0
}

fn port() -> Memory {
    let port = Memory::default();
    let mut state = port.state();
    state
        .definitions
        .insert("arn:def/nightly:1".into(), definition());
    state
        .digests
        .insert("report:live".into(), "sha256:11".into());
    drop(state);
    port
}

async fn prepare(port: &Memory, name: &str, input: Value) -> Result<Value, Error> {
    let request = json!({
        "run": {"name": name, "arn": format!("arn:aws:states:eu-west-1:111122223333:execution:nightly:{name}"),
                "startedAt": "2026-11-22T10:00:00.000Z"},
        "settings": STANDARD.encode(deployed().to_string()), "input": input,
    });
    let job = handle(serde_json::from_value(request).unwrap(), port).await?;
    Ok(serde_json::to_value(job).unwrap())
}

async fn faults(input: Value) -> Vec<String> {
    let port = port();
    let error = prepare(&port, "r", input).await.unwrap_err();
    let state = port.state();
    assert!(state.rows.is_empty() && state.files.is_empty() && state.registered.is_empty());
    match error {
        Error::InvalidInput(faults) => faults,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_empty_input_runs_what_was_deployed_with_its_image_pinned() {
    let port = port();
    let job = prepare(&port, "r1", json!({})).await.unwrap();
    assert_eq!(job["lock"], "lock");
    assert_eq!(job["task"]["taskDefinition"], "nightly-run:1");
    assert_eq!(job["task"]["group"], "job:nightly:r1");
    assert_eq!(
        job["task"]["containerOverride"],
        json!({"Name": "job", "Command": ["python", "report.py"]})
    );
    assert_eq!(job["task"]["overrides"], json!({}));
    assert_eq!(job["record"]["image"], format!("{ECR}@sha256:11"));
    assert_eq!(job["record"]["trigger"], json!({"kind": "manual"}));
    assert_eq!(job["policy"]["onFailure"]["exit"], "fail");
    assert_eq!(job["policy"]["onFailure"]["exit:75"], "retry");
    assert_eq!(job["policy"]["onFailure"]["spot"], "retry");
    let environment = job["task"]["environment"].as_array().unwrap();
    let names: Vec<_> = environment
        .iter()
        .map(|one| one["Name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["JOB_NAME", "JOB_EXECUTION", "JOB_TRIGGER", "STAGE", "DAY"]
    );
    let registered = port.state().registered.clone();
    assert_eq!(registered[0]["containerDefinitions"][0]["image"], "proxy:1");
    assert!(registered[0].get("status").is_none());
    // The next run finds the revision.
    let job = prepare(&port, "r2", json!({})).await.unwrap();
    assert_eq!(job["task"]["taskDefinition"], "nightly-run:1");
    assert_eq!(port.state().registered.len(), 1);
}

#[tokio::test]
async fn an_input_is_laid_over_what_was_deployed() {
    let port = port();
    let job = prepare(
        &port,
        "r",
        json!({
            "overlap": "allow", "cpu": 512, "memory": 2048, "environment": {"DAY": "2026-11-21"},
            "taskRole": "arn:aws:iam::111122223333:role/other", "image": "busybox:1",
            "trigger": {"kind": "schedule", "name": "first"}, "message": {"a": 1},
            "input": {"environment": {"DAY": "never", "ONLY": "here"}, "attempts": 5, "onFailure": {"timeout": "retry"}},
        }),
    );
    let job = job.await.unwrap();
    assert_eq!(job["lock"], "free#r");
    assert_eq!(job["policy"]["attempts"], 5);
    assert_eq!(job["policy"]["onFailure"]["timeout"], "retry");
    assert_eq!(job["record"]["image"], "busybox:1");
    let overrides = &job["task"]["overrides"];
    assert_eq!(
        (&overrides["Cpu"], &overrides["Memory"]),
        (&json!("512"), &json!("2048"))
    );
    let environment = job["task"]["environment"].as_array().unwrap();
    let value =
        |name: &str| environment.iter().find(|one| one["Name"] == name).unwrap()["Value"].clone();
    assert_eq!(
        (value("DAY"), value("ONLY")),
        (json!("2026-11-21"), json!("here"))
    );
    assert_eq!(
        (value("JOB_MESSAGE"), value("JOB_TRIGGER")),
        (json!("{\"a\":1}"), json!("schedule"))
    );
}

#[tokio::test]
async fn every_fault_is_named_and_nothing_happens() {
    let found = faults(json!({
        "comand": [], "command": [], "environment": {"1A": "x", "JOB_INDEX": "1", "B": 2},
        "cpu": 256, "memory": 3072, "container": "sidecar", "overlap": "sometimes", "attempts": 0,
        "onFailure": {"exit:300": "retry", "spt": "retry", "timeout": "maybe"},
        "array": {"from": 5, "to": 2}, "trigger": {}, "image": format!("{ECR}:gone"), "taskRole": "admin",
    }));
    let found = found.await;
    for (fault, wanted) in found.iter().zip([
        "`comand` is not a setting; did you mean `command`?",
        "`environment.1A` is not the name of a variable",
        "`environment.JOB_INDEX` is set by the workflow",
        "`environment.B` must be a text, but is a number",
        "`onFailure.exit:300` is no class of failures",
        "`onFailure.spt` is no class of failures; did you mean `spot`?",
        "`onFailure.timeout` must be `retry`, `fail` or `ignore`, but is \"maybe\"",
        "`command` is empty",
        "`taskRole` must be the ARN of a role",
        "`overlap` must be `allow`, `skip`, `queue` or `replace`, but is \"sometimes\"",
        "`attempts` must be a whole number from 1 to 20, but is 0",
        "`array` goes from 5 to 2",
        "`trigger` has no `kind`",
        "the container `sidecar` is not in the task definition `arn:def/nightly:1`, which has `proxy`, `job`",
        "Fargate does not offer 3072 MiB with 256 CPU units",
        "there is no image",
    ]) {
        assert!(fault.starts_with(wanted), "{fault}\nis not\n{wanted}");
    }
    assert_eq!(found.len(), 16, "{found:#?}");
}

#[tokio::test]
async fn what_is_too_long_for_ecs_goes_through_a_file() {
    let port = port();
    let (long, lines) = ("x".repeat(9000), "a\nb");
    let input = json!({"environment": {"LONG": long, "LINES": lines}});
    let job = prepare(&port, "r", input).await.unwrap();
    let file = port
        .state()
        .files
        .get("runs/r/environment.env")
        .cloned()
        .unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains(&format!("LONG={long}\n")) && !file.contains("LINES"));
    let wanted = json!([{"Type": "s3", "Value": "arn:aws:s3:::b/runs/r/environment.env"}]);
    assert_eq!(job["task"]["containerOverride"]["EnvironmentFiles"], wanted);
    let environment = job["task"]["environment"].to_string();
    assert!(
        environment.contains("LINES") && environment.contains("JOB_NAME"),
        "{environment}"
    );
    let found = faults(json!({"command": ["x".repeat(9000)]})).await;
    assert!(found[0].contains("ECS takes 8192"), "{found:?}");
}

#[tokio::test]
async fn a_pipe_hands_over_a_list_of_one() {
    let input = json!([{"trigger": {"kind": "queue"}, "message": "m"}]);
    let job = prepare(&port(), "r", input).await.unwrap();
    assert_eq!(job["record"]["trigger"]["kind"], "queue");
    let found = faults(json!([{}, {}])).await;
    assert!(
        found[0].contains("must be an object, but is a list"),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_key_is_used_once() {
    let port = port();
    let input = || json!({"idempotencyKey": "k"});
    prepare(&port, "first", input()).await.unwrap();
    prepare(&port, "first", input()).await.unwrap();
    let error = prepare(&port, "second", input()).await.unwrap_err();
    assert_eq!(error, Error::Duplicate("first".into()));
    let key = ("key".to_owned(), "k".to_owned());
    port.state().rows.get_mut(&key).unwrap()["expiresAt"] = json!(1);
    prepare(&port, "third", input()).await.unwrap();
}

#[tokio::test]
async fn an_array_runs_again_what_failed() {
    let port = port();
    let job = prepare(
        &port,
        "r1",
        json!({"array": {"items": ["a", {"b": 1}, "c"], "concurrency": 2}}),
    );
    let job = job.await.unwrap();
    assert_eq!(
        (&job["array"]["count"], &job["array"]["concurrency"]),
        (&json!(3), &json!(2))
    );
    let lines = port
        .state()
        .files
        .get("runs/r1/items.jsonl")
        .cloned()
        .unwrap();
    let lines = String::from_utf8(lines).unwrap();
    assert!(
        lines
            .lines()
            .nth(1)
            .unwrap()
            .contains(r#""Value":"{\"b\":1}""#),
        "{lines}"
    );
    let succeeded = json!([{"Output": r#"{"index":1}"#}]).to_string();
    port.state().files.insert(
        "runs/r1/map/x/SUCCEEDED_0.json".into(),
        succeeded.into_bytes(),
    );
    let job = prepare(&port, "r2", json!({"array": {"failedOf": "r1"}}))
        .await
        .unwrap();
    assert_eq!(job["array"]["count"], 2);
    let again = port
        .state()
        .files
        .get("runs/r2/items.jsonl")
        .cloned()
        .unwrap();
    let again = String::from_utf8(again).unwrap();
    let expected: Vec<_> = [0, 2]
        .iter()
        .filter_map(|i| lines.lines().nth(*i))
        .collect();
    assert_eq!(again.lines().collect::<Vec<_>>(), expected);
    let found = faults(json!({"array": {"failedOf": "never"}})).await;
    assert!(found[0].contains("was no array run"), "{found:?}");
}
