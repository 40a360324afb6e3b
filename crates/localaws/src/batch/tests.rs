//! The service as its users see it: through the API.

use serde_json::{Value, json};

use crate::testing::Door;

async fn door() -> Door {
    let door = Door::open();
    let environment = json!({ "computeEnvironmentName": "ce", "type": "UNMANAGED" });
    door.ok("batch", "CreateComputeEnvironment", environment)
        .await;
    let queue = json!({
        "jobQueueName": "q", "priority": 1,
        "computeEnvironmentOrder": [{ "order": 1, "computeEnvironment": "ce" }],
    });
    door.ok("batch", "CreateJobQueue", queue).await;
    door
}

async fn define(door: &Door, script: &str, more: Value) {
    let mut input = json!({
        "jobDefinitionName": "d", "type": "container",
        "parameters": { "word": "default" },
        "containerProperties": {
            "image": "busybox",
            "command": ["sh", "-c", script, "sh", "Ref::word"],
            "resourceRequirements": [
                { "type": "VCPU", "value": "0.25" }, { "type": "MEMORY", "value": "512" }],
        },
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    door.ok("batch", "RegisterJobDefinition", input).await;
}

async fn submit(door: &Door, more: Value) -> String {
    let mut input = json!({ "jobName": "j", "jobQueue": "q", "jobDefinition": "d" });
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let submitted = door.ok("batch", "SubmitJob", input).await;
    submitted["jobId"].as_str().unwrap().to_owned()
}

async fn describe(door: &Door, id: &str) -> Value {
    let found = door
        .ok("batch", "DescribeJobs", json!({ "jobs": [id] }))
        .await;
    found["jobs"][0].clone()
}

async fn ended(door: &Door, id: &str) -> Value {
    loop {
        let changed = door.aws.changes().listen(id);
        let job = describe(door, id).await;
        if job["status"] == "SUCCEEDED" || job["status"] == "FAILED" {
            return job;
        }
        door.aws.clock().track(changed).await.unwrap();
    }
}

#[tokio::test]
async fn a_job_runs_with_its_parameters() {
    let door = door().await;
    define(&door, "echo $1 $A $AWS_BATCH_JOB_ATTEMPT", json!({})).await;
    let job = submit(
        &door,
        json!({
            "parameters": { "word": "given" },
            "containerOverrides": { "environment": [{ "name": "A", "value": "1" }] },
        }),
    )
    .await;
    let job = ended(&door, &job).await;
    assert_eq!(job["status"], "SUCCEEDED", "{job:#}");
    assert_eq!(job["attempts"].as_array().unwrap().len(), 1);
    assert_eq!(job["container"]["exitCode"], 0);
    let stream = json!({
        "logGroupName": "/aws/batch/job", "logStreamName": job["container"]["logStreamName"],
    });
    let logged = door.ok("logs", "GetLogEvents", stream).await;
    assert_eq!(logged["events"][0]["message"], "given 1 1");
}

#[tokio::test]
async fn jobs_are_tried_again_by_their_strategy() {
    for (script, strategy, attempts, status) in [
        ("exit 1", json!({ "attempts": 3 }), 3, "FAILED"),
        (
            "test $AWS_BATCH_JOB_ATTEMPT = 2",
            json!({ "attempts": 3 }),
            2,
            "SUCCEEDED",
        ),
        (
            "exit 7",
            json!({ "attempts": 3, "evaluateOnExit": [{ "onExitCode": "7", "action": "exit" }] }),
            1,
            "FAILED",
        ),
    ] {
        let door = door().await;
        define(&door, script, json!({ "retryStrategy": strategy })).await;
        let job = submit(&door, json!({})).await;
        let job = ended(&door, &job).await;
        assert_eq!(
            job["attempts"].as_array().unwrap().len(),
            attempts,
            "{job:#}"
        );
        assert_eq!(job["status"], status);
    }
}

#[tokio::test]
async fn jobs_do_on_request_what_real_ones_do_by_chance() {
    let door = door().await;
    define(
        &door,
        "exit 0",
        json!({ "timeout": { "attemptDurationSeconds": 60 } }),
    )
    .await;
    for (tags, status, reason, seconds) in [
        (
            json!({ "footwork:fail": "no disk", "footwork:seconds": "10" }),
            "FAILED",
            "Essential container in task exited",
            10_000,
        ),
        (
            json!({ "footwork:seconds": "3600" }),
            "FAILED",
            "Job attempt duration exceeded timeout",
            60_000,
        ),
        (
            json!({ "footwork:seconds": "30" }),
            "SUCCEEDED",
            "Essential container in task exited",
            30_000,
        ),
    ] {
        let job = submit(&door, json!({ "tags": tags })).await;
        let job = ended(&door, &job).await;
        assert_eq!(
            (&job["status"], &job["statusReason"]),
            (&json!(status), &json!(reason))
        );
        let lasted = job["stoppedAt"].as_i64().unwrap() - job["startedAt"].as_i64().unwrap();
        assert_eq!(lasted, seconds);
    }
}

#[tokio::test]
async fn dependent_jobs_wait_and_arrays_count() {
    let door = door().await;
    define(&door, "test $AWS_BATCH_JOB_ARRAY_INDEX != 1", json!({})).await;
    let array = submit(&door, json!({ "arrayProperties": { "size": 3 } })).await;
    let after = submit(&door, json!({ "dependsOn": [{ "jobId": array }] })).await;
    let array = ended(&door, &array).await;
    assert_eq!(array["status"], "FAILED");
    let counts = &array["arrayProperties"]["statusSummary"];
    assert_eq!(
        (&counts["SUCCEEDED"], &counts["FAILED"]),
        (&json!(2), &json!(1))
    );
    let after = ended(&door, &after).await;
    assert_eq!(after["statusReason"], "Dependent Job failed");
    let list = json!({ "arrayJobId": array["jobId"], "jobStatus": "FAILED" });
    let listed = door.ok("batch", "ListJobs", list).await;
    let listed = listed["jobSummaryList"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["arrayProperties"]["index"], 1);
}

#[tokio::test]
async fn a_running_job_is_terminated_and_a_waiting_one_cancelled() {
    let door = door().await;
    define(&door, "sleep 60", json!({})).await;
    let running = submit(&door, json!({})).await;
    let waiting = submit(&door, json!({ "dependsOn": [{ "jobId": running }] })).await;
    let cancel = json!({ "jobId": waiting, "reason": "not needed" });
    door.ok("batch", "CancelJob", cancel).await;
    let cancelled = ended(&door, &waiting).await;
    assert_eq!(cancelled["statusReason"], "not needed");
    assert_eq!(cancelled["isCancelled"], true);
    loop {
        let changed = door.aws.changes().listen(&running);
        if describe(&door, &running).await["status"] == "RUNNING" {
            break;
        }
        door.aws.clock().track(changed).await.unwrap();
    }
    // Cancelling is too late.
    let cancel = json!({ "jobId": running, "reason": "too late" });
    door.ok("batch", "CancelJob", cancel).await;
    let terminate = json!({ "jobId": running, "reason": "enough" });
    door.ok("batch", "TerminateJob", terminate).await;
    let terminated = ended(&door, &running).await;
    assert_eq!(terminated["statusReason"], "enough");
    assert_eq!(terminated["container"]["exitCode"], 143);
}

#[tokio::test]
async fn all_faults_of_a_submission_are_told() {
    let door = door().await;
    let input = json!({
        "jobName": "j", "jobQueue": "none", "jobDefinition": "none",
        "arrayProperties": { "size": 1 },
    });
    let refused = door.call("batch", "SubmitJob", input).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        (
            "ClientException",
            "JobQueue none not found. JobDefinition none not found. Array size must be between 2 \
             and 10000."
        )
    );
}
