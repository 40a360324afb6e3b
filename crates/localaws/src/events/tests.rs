//! What publishers and owners of rules rely on, through the service's door.

use serde_json::{Value, json};

use crate::testing::Door;

async fn rule(door: &Door, rule: Value, target: Value) {
    let (name, bus) = (rule["Name"].clone(), rule["EventBusName"].clone());
    door.ok("events", "PutRule", rule).await;
    let put = json!({ "Rule": name, "EventBusName": bus, "Targets": [target] });
    door.ok("events", "PutTargets", put).await;
}

fn entry(source: &str, detail: Value) -> Value {
    json!({ "Source": source, "DetailType": "test", "Detail": detail.to_string() })
}

#[tokio::test]
async fn matching_events_reach_their_targets() {
    let door = Door::open();
    let (url, queue) = door.queue("jobs").await;
    let pattern = json!({ "source": ["mine"], "detail": { "state": [{ "anything-but": "ok" }] } });
    let given = json!({ "Name": "bad", "EventPattern": pattern.to_string() });
    rule(&door, given, json!({ "Id": "1", "Arn": queue })).await;
    let entries = json!([
        entry("mine", json!({ "state": "broken" })),
        entry("mine", json!({ "state": "ok" })),
        entry("aws.ec2", json!({})),
        { "Source": "mine", "DetailType": "t", "Detail": "text" },
        { "Source": "mine" },
    ]);
    let answer = door
        .ok("events", "PutEvents", json!({ "Entries": entries }))
        .await;
    assert_eq!(answer["FailedEntryCount"], 3);
    let codes: Vec<_> = (2..5)
        .map(|at| answer["Entries"][at]["ErrorCode"].clone())
        .collect();
    assert_eq!(
        codes,
        [
            "NotAuthorizedForSourceException",
            "MalformedDetail",
            "InvalidArgument"
        ]
    );
    let got = door.messages(&url).await;
    assert_eq!(got.len(), 1);
    assert_eq!(got[0]["id"], answer["Entries"][0]["EventId"]);
    assert_eq!(got[0]["time"], "2026-11-22T10:00:00Z");
    assert_eq!(got[0]["detail"], json!({ "state": "broken" }));
    door.ok("events", "DisableRule", json!({ "Name": "bad" }))
        .await;
    let again = json!({ "Entries": [entry("mine", json!({ "state": "broken" }))] });
    door.ok("events", "PutEvents", again).await;
    assert!(door.messages(&url).await.is_empty());
}

#[tokio::test]
async fn other_services_publish_and_buses_forward() {
    let door = Door::open();
    let (url, queue) = door.queue("jobs").await;
    let made = door
        .ok("events", "CreateEventBus", json!({ "Name": "mine" }))
        .await;
    let forward = json!({ "Id": "1", "Arn": made["EventBusArn"] });
    let pattern = json!({ "source": ["aws.s3"] }).to_string();
    rule(
        &door,
        json!({ "Name": "out", "EventPattern": pattern }),
        forward,
    )
    .await;
    let transformer = json!({ "InputPathsMap": { "k": "$.detail.object.key" }, "InputTemplate": "{\"key\": <k>}" });
    let target = json!({ "Id": "1", "Arn": queue, "InputTransformer": transformer });
    rule(
        &door,
        json!({ "Name": "in", "EventBusName": "mine", "EventPattern": pattern }),
        target,
    )
    .await;

    let place = json!({ "LocationConstraint": "eu-central-1" });
    door.ok(
        "s3",
        "CreateBucket",
        json!({ "Bucket": "box", "CreateBucketConfiguration": place }),
    )
    .await;
    let set =
        json!({ "Bucket": "box", "NotificationConfiguration": { "EventBridgeConfiguration": {} } });
    door.ok("s3", "PutBucketNotificationConfiguration", set)
        .await;
    door.ok("s3", "PutObject", json!({ "Bucket": "box", "Key": "a" }))
        .await;
    assert_eq!(door.messages(&url).await, [json!({ "key": "a" })]);
    assert_eq!(
        door.code("events", "DeleteEventBus", json!({ "Name": "mine" }))
            .await,
        "ValidationException"
    );
}

#[tokio::test]
async fn what_cannot_be_delivered_goes_to_the_dead_letter_queue() {
    let door = Door::open();
    let (dead, dead_arn) = door.queue("dead").await;
    let pattern = json!({ "source": ["mine"] }).to_string();
    let target = json!({ "Id": "1", "Arn": door.scope.arn("sqs", "none"), "DeadLetterConfig": { "Arn": dead_arn } });
    rule(
        &door,
        json!({ "Name": "r", "EventPattern": pattern }),
        target,
    )
    .await;
    door.ok(
        "events",
        "PutEvents",
        json!({ "Entries": [entry("mine", json!({}))] }),
    )
    .await;
    let input = json!({ "QueueUrl": dead, "WaitTimeSeconds": 1, "MessageAttributeNames": ["All"] });
    let got = door.ok("sqs", "ReceiveMessage", input).await;
    let attributes = &got["Messages"][0]["MessageAttributes"];
    assert_eq!(attributes["ERROR_CODE"]["StringValue"], "QueueDoesNotExist");
}

#[tokio::test]
async fn schedules_fire_in_the_background() {
    let door = Door::open();
    let (url, queue) = door.queue("ticks").await;
    let target = json!({ "Id": "1", "Arn": queue, "Input": "{\"tick\":1}" });
    rule(
        &door,
        json!({ "Name": "five", "ScheduleExpression": "rate(5 minutes)" }),
        target,
    )
    .await;
    door.pass(16 * 60).await;
    assert_eq!(door.messages(&url).await, vec![json!({ "tick": 1 }); 3]);
    door.ok("events", "DisableRule", json!({ "Name": "five" }))
        .await;
    door.pass(600).await;
    assert!(door.messages(&url).await.is_empty());
    for expression in ["rate(1 minutes)", "cron(bad)", "at(2027-01-01T00:00:00)"] {
        let input = json!({ "Name": "x", "ScheduleExpression": expression });
        assert_eq!(
            door.code("events", "PutRule", input).await,
            "ValidationException",
            "{expression}"
        );
    }
}

#[tokio::test]
async fn rules_are_kept_and_shown() {
    let door = Door::open();
    let (_, queue) = door.queue("jobs").await;
    let pattern = json!({ "source": ["mine"] }).to_string();
    rule(
        &door,
        json!({ "Name": "r", "EventPattern": pattern, "Tags": [{ "Key": "a", "Value": "1" }] }),
        json!({ "Id": "1", "Arn": queue }),
    )
    .await;
    let shown = door
        .ok("events", "DescribeRule", json!({ "Name": "r" }))
        .await;
    assert_eq!(
        shown["Arn"],
        "arn:aws:events:eu-central-1:000000000000:rule/r"
    );
    let tags = door
        .ok(
            "events",
            "ListTagsForResource",
            json!({ "ResourceARN": shown["Arn"] }),
        )
        .await;
    assert_eq!(tags["Tags"][0]["Value"], "1");
    let names = door
        .ok(
            "events",
            "ListRuleNamesByTarget",
            json!({ "TargetArn": queue }),
        )
        .await;
    assert_eq!(names["RuleNames"], json!(["r"]));
    assert_eq!(
        door.code("events", "DeleteRule", json!({ "Name": "r" }))
            .await,
        "ValidationException"
    );
    door.ok(
        "events",
        "RemoveTargets",
        json!({ "Rule": "r", "Ids": ["1"] }),
    )
    .await;
    door.ok("events", "DeleteRule", json!({ "Name": "r" }))
        .await;
    assert_eq!(
        door.code("events", "DescribeRule", json!({ "Name": "r" }))
            .await,
        "ResourceNotFoundException"
    );
    let bad = json!({ "Name": "r", "EventPattern": "{\"source\":\"mine\"}" });
    let refused = door.call("events", "PutRule", bad).await.unwrap_err();
    assert_eq!(refused.code, "InvalidEventPatternException");
    assert_eq!(
        refused.message,
        "Event pattern is not valid. Reason: \"source\" must be an object or an array"
    );
}
