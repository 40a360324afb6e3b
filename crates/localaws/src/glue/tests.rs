//! The service as its users see it: through the API.

use serde_json::{Value, json};

use crate::testing::Door;

async fn ended(door: &Door, id: &str) -> Value {
    loop {
        let changed = door.aws.changes().listen(id);
        let input = json!({ "JobName": "j", "RunId": id });
        let run = door.ok("glue", "GetJobRun", input).await["JobRun"].clone();
        if run["CompletedOn"].is_string() {
            return run;
        }
        door.aws.clock().track(changed).await.unwrap();
    }
}

#[tokio::test]
async fn runs_go_through_their_lives() {
    for (arguments, state, message, seconds) in [
        (json!({}), "SUCCEEDED", json!(null), 5),
        (
            json!({ "--footwork:fail": "no rows" }),
            "FAILED",
            json!("no rows"),
            5,
        ),
        (
            json!({ "--footwork:seconds": "3600" }),
            "TIMEOUT",
            json!("Job run timed out"),
            60,
        ),
    ] {
        let door = Door::open();
        let create = json!({
            "Name": "j", "Role": "r", "Command": { "Name": "glueetl" }, "Timeout": 1,
        });
        door.ok("glue", "CreateJob", create).await;
        let start = json!({ "JobName": "j", "Arguments": arguments });
        let id = door.ok("glue", "StartJobRun", start.clone()).await["JobRunId"].clone();
        let again = door.code("glue", "StartJobRun", start).await;
        assert_eq!(again, "ConcurrentRunsExceededException");
        let run = ended(&door, id.as_str().unwrap()).await;
        assert_eq!(
            (
                run["JobRunState"].as_str(),
                &run["ErrorMessage"],
                &run["ExecutionTime"]
            ),
            (Some(state), &message, &json!(seconds))
        );
    }
}

#[tokio::test]
async fn a_run_is_stopped() {
    let door = Door::open();
    let create = json!({ "Name": "j", "Role": "r", "Command": { "Name": "glueetl" } });
    door.ok("glue", "CreateJob", create.clone()).await;
    door.ok("glue", "CreateJob", create).await;
    let other = json!({ "Name": "j", "Role": "other", "Command": { "Name": "glueetl" } });
    let code = door.code("glue", "CreateJob", other).await;
    assert_eq!(code, "IdempotentParameterMismatchException");
    let _still = door.aws.clock().busy();
    let id = door
        .ok("glue", "StartJobRun", json!({ "JobName": "j" }))
        .await["JobRunId"]
        .clone();
    let stop = json!({ "JobName": "j", "JobRunIds": [id, "jr_none"] });
    let answer = door.ok("glue", "BatchStopJobRun", stop).await;
    assert_eq!(answer["SuccessfulSubmissions"][0]["JobRunId"], id);
    assert_eq!(
        answer["Errors"][0]["ErrorDetail"]["ErrorCode"],
        "EntityNotFoundException"
    );
    drop(_still);
    let run = ended(&door, id.as_str().unwrap()).await;
    assert_eq!(run["JobRunState"], "STOPPED");
    let start = json!({ "JobName": "none" });
    let refused = door.call("glue", "StartJobRun", start).await.unwrap_err();
    assert_eq!(
        refused.message,
        "Failed to start job run due to missing metadata"
    );
}
