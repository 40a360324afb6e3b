//! A stack with all that a job in a container needs: its network is recorded, all else is at work.
//! Whatever starts the job, its task runs.

use serde_json::json;

use super::*;

impl World {
    async fn other(&self, service: &str, action: &str, input: Value) -> Value {
        let call = self.aws.call(&self.scope, service, action, input);
        self.aws.clock().track(call).await.unwrap()
    }

    /// Lets virtual time pass.
    async fn wait(&self, seconds: u64) {
        let sleep = self.aws.clock().sleep(Duration::from_secs(seconds));
        self.aws.clock().track(sleep).await;
    }
}

#[tokio::test]
async fn whatever_starts_a_job_its_task_runs() {
    let world = World::new();
    let stack = world
        .deploy("job", include_str!("container_job.yaml"))
        .await;
    let outputs: std::collections::BTreeMap<&str, &str> = stack["Outputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["OutputKey"].as_str().unwrap(),
                one["OutputValue"].as_str().unwrap(),
            )
        })
        .collect();
    let ids = world.physical("job").await;
    for (resource, prefix) in [
        ("Vpc", "vpc-"),
        ("Subnet", "subnet-"),
        ("Gateway", "igw-"),
        ("Routes", "rtb-"),
        ("Association", "rtbassoc-"),
        ("Group", "sg-"),
        ("Repository", "job-repository-"),
    ] {
        let id = ids[resource].as_str().unwrap();
        assert!(id.starts_with(prefix), "{resource} {id}");
    }
    let message = json!({ "QueueUrl": outputs["Queue"], "MessageBody": "a message" });
    world.other("sqs", "SendMessage", message).await;
    let object = json!({ "Bucket": outputs["Bucket"], "Key": "an/object" });
    world.other("s3", "PutObject", object).await;
    // At least one night, and the alarm's day.
    world.wait(25 * 3600).await;
    let executions = json!({ "stateMachineArn": outputs["Machine"] });
    let executions = world
        .other("stepfunctions", "ListExecutions", executions)
        .await;
    let executions = executions["executions"].as_array().unwrap();
    let statuses: Vec<_> = executions.iter().map(|one| &one["status"]).collect();
    assert!(
        statuses.iter().all(|status| *status == "SUCCEEDED"),
        "{statuses:?}"
    );
    let logged = json!({ "logGroupName": outputs["Logs"] });
    let logged = world.other("logs", "FilterLogEvents", logged).await;
    let events = logged["events"].as_array().unwrap().iter();
    let lines: std::collections::BTreeSet<_> = events
        .map(|event| event["message"].as_str().unwrap())
        .collect();
    let wanted = [
        "started for a message",
        "started for an/object",
        "started for the time",
    ];
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), wanted);
    let alarm = json!({ "AlarmNames": [outputs["Alarm"]] });
    let state = || async {
        let found = world
            .other("cloudwatch", "DescribeAlarms", alarm.clone())
            .await;
        found["MetricAlarms"][0]["StateValue"].clone()
    };
    assert_eq!(state().await, "OK");
    let nights = world.other("scheduler", "ListSchedules", json!({})).await;
    let night = &nights["Schedules"][0];
    let mut paused = world
        .other(
            "scheduler",
            "GetSchedule",
            json!({ "Name": night["Name"], "GroupName": night["GroupName"] }),
        )
        .await;
    paused["State"] = json!("DISABLED");
    for name in ["Arn", "CreationDate", "LastModificationDate"] {
        paused.as_object_mut().unwrap().shift_remove(name);
    }
    world.other("scheduler", "UpdateSchedule", paused).await;
    world.wait(3 * 86_400).await;
    assert_eq!(state().await, "ALARM");
    let delete = json!({ "StackName": "job" });
    let id = stack["StackId"].as_str().unwrap().to_owned();
    // Buckets are deleted empty.
    let object = json!({ "Bucket": outputs["Bucket"], "Key": "an/object" });
    world.other("s3", "DeleteObject", object).await;
    world.call("DeleteStack", delete).await;
    let gone = world.settled(&id).await;
    assert_eq!(gone["StackStatus"], "DELETE_COMPLETE", "{gone:#}");
}
