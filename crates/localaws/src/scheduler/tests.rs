//! What owners of schedules rely on, through the service's door.

use serde_json::{Value, json};

use crate::Store;
use crate::testing::Door;

const DAY: u64 = 86_400;

fn schedule(name: &str, expression: &str, queue: &str) -> Value {
    json!({
        "Name": name,
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "Target": {
            "Arn": queue,
            "RoleArn": "arn:aws:iam::000000000000:role/r",
            "Input": "{\"at\":\"<aws.scheduler.scheduled-time>\"}",
        },
    })
}

/// Everything in a queue.
async fn drain(door: &Door, url: &str) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let some = door.messages(url).await;
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

#[tokio::test]
async fn a_nightly_schedule_runs_for_a_year() {
    let door = Door::open_at("2026-01-01T00:00:00Z", Store::memory());
    let (url, queue) = door.queue("nights").await;
    let keep = json!({ "QueueUrl": url, "Attributes": { "MessageRetentionPeriod": "1209600" } });
    door.ok("sqs", "SetQueueAttributes", keep).await;
    for (name, at) in [("early", "30 2"), ("late", "0 3")] {
        let mut input = schedule(name, &format!("cron({at} * * ? *)"), &queue);
        input["ScheduleExpressionTimezone"] = json!("Europe/Berlin");
        door.ok("scheduler", "CreateSchedule", input).await;
    }
    let mut runs = Vec::new();
    for _ in 0..73 {
        door.pass(5 * DAY).await;
        runs.extend(drain(&door, &url).await);
    }
    let at = |time: &str| {
        runs.iter()
            .filter(|run| run["at"].as_str().unwrap().ends_with(time))
            .count()
    };
    // Summer time lasts from 29 March to 25 October, 210 nights; 2:30 does not exist on its first,
    // where the clock goes from 2:00 to 3:00, and comes once on its last, which has it twice.
    assert_eq!((at("T02:00:00Z"), at("T01:00:00Z")), (155, 210));
    assert_eq!((at("T01:30:00Z"), at("T00:30:00Z")), (154, 210));
    assert_eq!(runs.len(), 729);
}

#[tokio::test]
async fn a_schedule_fires_once_and_is_gone() {
    let door = Door::open();
    let (url, queue) = door.queue("jobs").await;
    let mut input = schedule("once", "at(2026-11-22T20:00:00)", &queue);
    input["ScheduleExpressionTimezone"] = json!("Asia/Tokyo");
    input["ActionAfterCompletion"] = json!("DELETE");
    door.ok("scheduler", "CreateSchedule", input.clone()).await;
    assert_eq!(
        door.code("scheduler", "CreateSchedule", input).await,
        "ConflictException"
    );
    door.pass(3601).await;
    assert_eq!(
        drain(&door, &url).await,
        [json!({ "at": "2026-11-22T11:00:00Z" })]
    );
    let gone = json!({ "Name": "once" });
    assert_eq!(
        door.code("scheduler", "GetSchedule", gone).await,
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn any_api_is_a_target() {
    let door = Door::open();
    let (url, _) = door.queue("jobs").await;
    let mut input = schedule(
        "any",
        "rate(1 hours)",
        "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
    );
    input["Target"]["Input"] =
        json!(json!({ "QueueUrl": url, "MessageBody": "hello" }).to_string());
    door.ok("scheduler", "CreateSchedule", input.clone()).await;
    door.pass(3601).await;
    assert!(drain(&door, &url).await.contains(&json!("hello")));
    input["State"] = json!("DISABLED");
    door.ok("scheduler", "UpdateSchedule", input).await;
    drain(&door, &url).await;
    door.pass(7200).await;
    assert!(drain(&door, &url).await.is_empty());
}

#[tokio::test]
async fn flexible_windows_delay_and_dead_letters_are_kept() {
    let door = Door::open();
    let (dead, dead_arn) = door.queue("dead").await;
    let mut input = schedule(
        "lost",
        "at(2026-11-22T11:00:00)",
        &door.scope.arn("sqs", "none"),
    );
    input["FlexibleTimeWindow"] = json!({ "Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15 });
    input["Target"]["DeadLetterConfig"] = json!({ "Arn": dead_arn });
    door.ok("scheduler", "CreateSchedule", input).await;
    door.pass(3600 + 15 * 60).await;
    assert_eq!(
        drain(&door, &dead).await,
        [json!({ "at": "2026-11-22T11:00:00Z" })]
    );
}

/// The message attributes of the one message in a queue.
async fn said(door: &Door, url: &str) -> Value {
    let input = json!({ "QueueUrl": url, "MessageAttributeNames": ["All"] });
    let got = door.ok("sqs", "ReceiveMessage", input).await;
    let attributes = got["Messages"][0]["MessageAttributes"].as_object();
    let attributes = attributes.into_iter().flatten();
    let texts = attributes.map(|(name, one)| (name.clone(), one["StringValue"].clone()));
    Value::Object(texts.collect())
}

#[tokio::test]
async fn failing_targets_are_tried_again_as_the_policy_says() {
    for (policy, error, tries, condition) in [
        (
            json!({ "MaximumRetryAttempts": 2 }),
            "throttle",
            "2",
            json!("MaximumRetryAttempts"),
        ),
        (
            json!({ "MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 60 }),
            "throttle",
            "4",
            json!("MaximumEventAgeInSeconds"),
        ),
        (json!({}), "error", "0", json!(null)),
    ] {
        let door = Door::open();
        let (_, queue) = door.queue("jobs").await;
        let (dead, dead_arn) = door.queue("dead").await;
        let mut input = schedule("s", "at(2026-11-22T11:00:00)", &queue);
        input["Target"]["RetryPolicy"] = policy;
        input["Target"]["DeadLetterConfig"] = json!({ "Arn": dead_arn });
        let made = door.ok("scheduler", "CreateSchedule", input).await;
        let mut fault = json!({ "at": "sqs:SendMessage", "when": "/jobs" });
        fault[error] = match error {
            "error" => json!("AccessDenied"),
            _ => json!(true),
        };
        let fault = serde_json::from_value(fault).unwrap();
        door.aws.faults().add("f".to_owned(), fault).unwrap();
        door.pass(2 * 3600).await;
        let said = said(&door, &dead).await;
        assert_eq!(
            (&said["RETRY_ATTEMPTS"], &said["EXHAUSTED_RETRY_CONDITION"]),
            (&json!(tries), &condition)
        );
        assert_eq!(said["SCHEDULE_ARN"], made["ScheduleArn"]);
        assert_eq!(said["SCHEDULED_TIME"], "2026-11-22T11:00:00Z");
        assert_eq!(
            (&said["TARGET_ARN"], &said["IS_PAYLOAD_TRUNCATED"]),
            (&json!(queue), &json!("false"))
        );
    }
}

#[tokio::test]
async fn a_schedule_starts_a_task_of_ecs() {
    let door = Door::open();
    door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
        .await;
    let definition = json!({
        "family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "cpu": "256", "memory": "512",
        "containerDefinitions": [{ "name": "main", "image": "i", "command": ["false"] }],
    });
    door.ok("ecs", "RegisterTaskDefinition", definition).await;
    let mut input = schedule(
        "nightly",
        "at(2026-11-22T11:00:00)",
        &door.scope.arn("ecs", "cluster/c"),
    );
    let refused = door
        .call("scheduler", "CreateSchedule", input.clone())
        .await
        .unwrap_err();
    assert_eq!(refused.message, "EcsParameters must be specified.");
    input["Target"]["EcsParameters"] = json!({
        "TaskDefinitionArn": "f", "LaunchType": "FARGATE",
        "NetworkConfiguration": { "awsvpcConfiguration": { "Subnets": ["subnet-1"] } },
    });
    input["Target"]["Input"] =
        json!(r#"{"containerOverrides":[{"name":"main","command":["true"]}]}"#);
    input["ClientToken"] = json!("once");
    let made = door.ok("scheduler", "CreateSchedule", input.clone()).await;
    assert_eq!(door.ok("scheduler", "CreateSchedule", input).await, made);
    door.pass(3700).await;
    let started = json!({
        "cluster": "c", "startedBy": "chronos-schedule/nightly", "desiredStatus": "STOPPED",
    });
    let started = door.ok("ecs", "ListTasks", started).await;
    let task = json!({ "cluster": "c", "tasks": started["taskArns"] });
    let task = door.ok("ecs", "DescribeTasks", task).await;
    let command = &task["tasks"][0]["overrides"]["containerOverrides"][0]["command"];
    assert_eq!(command, &json!(["true"]));
}

#[tokio::test]
async fn nonsense_is_refused() {
    let door = Door::open();
    let (_, queue) = door.queue("jobs").await;
    let good = schedule("s", "rate(1 day)", &queue);
    for (member, value) in [
        ("ScheduleExpression", json!("cron(bad)")),
        ("ScheduleExpression", json!("rate(0 days)")),
        ("ScheduleExpressionTimezone", json!("Mars/Olympus")),
        ("State", json!("SLEEPY")),
        ("FlexibleTimeWindow", json!({ "Mode": "FLEXIBLE" })),
        ("Name", json!("a b")),
        (
            "Target",
            json!({ "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendPigeon", "RoleArn": "r" }),
        ),
    ] {
        let mut input = good.clone();
        input[member] = value;
        assert_eq!(
            door.code("scheduler", "CreateSchedule", input).await,
            "ValidationException",
            "{member}"
        );
    }
    let mut input = good.clone();
    input["GroupName"] = json!("none");
    assert_eq!(
        door.code("scheduler", "CreateSchedule", input).await,
        "ResourceNotFoundException"
    );
    door.ok("scheduler", "CreateScheduleGroup", json!({ "Name": "g" }))
        .await;
    let mut input = good;
    input["GroupName"] = json!("g");
    let made = door.ok("scheduler", "CreateSchedule", input).await;
    assert_eq!(
        made["ScheduleArn"],
        "arn:aws:scheduler:eu-central-1:000000000000:schedule/g/s"
    );
    door.ok("scheduler", "DeleteScheduleGroup", json!({ "Name": "g" }))
        .await;
    assert_eq!(
        door.ok("scheduler", "ListSchedules", json!({})).await["Schedules"],
        json!([])
    );
}
