//! What producers and consumers rely on, through the service's door.

use std::ops::Deref;
use std::time::Duration;

use serde_json::{Value, json};

use crate::testing;

/// The common door with SQS's own short cuts.
struct Door(testing::Door);

impl Deref for Door {
    type Target = testing::Door;

    fn deref(&self) -> &testing::Door {
        &self.0
    }
}

impl Door {
    fn open() -> Self {
        Self(testing::Door::open())
    }

    async fn ok(&self, action: &str, input: Value) -> Value {
        self.0.ok("sqs", action, input).await
    }

    async fn code(&self, action: &str, input: Value) -> String {
        self.0.code("sqs", action, input).await
    }

    async fn queue(&self, name: &str, attributes: Value) -> String {
        let input = json!({ "QueueName": name, "Attributes": attributes });
        let made = self.ok("CreateQueue", input).await;
        made["QueueUrl"].as_str().unwrap().to_owned()
    }

    async fn send(&self, url: &str, body: &str, group: Option<&str>) -> Value {
        let input = json!({ "QueueUrl": url, "MessageBody": body, "MessageGroupId": group });
        self.ok("SendMessage", input).await
    }

    /// Bodies and receipt handles of up to ten messages.
    async fn receive(&self, url: &str) -> Vec<(String, String)> {
        let input = json!({ "QueueUrl": url, "MaxNumberOfMessages": 10 });
        let got = self.ok("ReceiveMessage", input).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let messages = got["Messages"].as_array().cloned().unwrap_or_default();
        let parts = messages.iter();
        parts
            .map(|one| (text(&one["Body"]), text(&one["ReceiptHandle"])))
            .collect()
    }

    async fn bodies(&self, url: &str) -> Vec<String> {
        self.receive(url)
            .await
            .into_iter()
            .map(|(body, _)| body)
            .collect()
    }
}

#[tokio::test]
async fn a_received_message_hides_and_comes_back() {
    let door = Door::open();
    let url = door
        .queue("jobs", json!({ "VisibilityTimeout": "30" }))
        .await;
    assert_eq!(url, "http://127.0.0.1:4566/000000000000/jobs");
    let sent = door.send(&url, "hello", None).await;
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let first = door.receive(&url).await;
    assert_eq!(first[0].0, "hello");
    assert!(door.receive(&url).await.is_empty());
    let counted = |name: &'static str| {
        let input = json!({ "QueueUrl": url, "AttributeNames": [name] });
        let door = &door;
        async move { door.ok("GetQueueAttributes", input).await["Attributes"][name].clone() }
    };
    assert_eq!(counted("ApproximateNumberOfMessagesNotVisible").await, "1");
    assert_eq!(counted("ApproximateNumberOfMessages").await, "0");
    door.pass(31).await;
    let second = door.receive(&url).await;
    assert_eq!(second.len(), 1);
    // The first handle is stale: it deletes nothing.
    door.ok(
        "DeleteMessage",
        json!({ "QueueUrl": url, "ReceiptHandle": first[0].1 }),
    )
    .await;
    let show = json!({ "QueueUrl": url, "ReceiptHandle": second[0].1, "VisibilityTimeout": 0 });
    door.ok("ChangeMessageVisibility", show).await;
    let third = door.receive(&url).await;
    door.ok(
        "DeleteMessage",
        json!({ "QueueUrl": url, "ReceiptHandle": third[0].1 }),
    )
    .await;
    door.pass(60).await;
    assert!(door.receive(&url).await.is_empty());
    let bad = json!({ "QueueUrl": url, "ReceiptHandle": "nonsense" });
    assert_eq!(
        door.code("DeleteMessage", bad).await,
        "ReceiptHandleIsInvalid"
    );
}

#[tokio::test]
async fn a_long_poll_ends_with_the_message_or_the_time() {
    let door = Door::open();
    let url = door.queue("jobs", json!({})).await;
    let began = door.aws.clock().now();
    let poll = json!({ "QueueUrl": url, "WaitTimeSeconds": 20 });
    assert_eq!(door.ok("ReceiveMessage", poll.clone()).await, json!({}));
    assert_eq!(door.aws.clock().now().duration_since(began).as_secs(), 20);
    let delayed = json!({ "QueueUrl": url, "MessageBody": "late", "DelaySeconds": 7 });
    door.ok("SendMessage", delayed).await;
    let began = door.aws.clock().now();
    let got = door.ok("ReceiveMessage", poll.clone()).await;
    assert_eq!(got["Messages"][0]["Body"], "late");
    assert_eq!(door.aws.clock().now().duration_since(began).as_secs(), 7);
    let (aws, scope, to) = (door.aws.clone(), door.scope.clone(), url.clone());
    door.aws.spawn(async move {
        aws.clock().sleep(Duration::from_secs(3)).await;
        let input = json!({ "QueueUrl": to, "MessageBody": "now" });
        aws.call(&scope, "sqs", "SendMessage", input).await.unwrap();
    });
    let got = door.ok("ReceiveMessage", poll).await;
    assert_eq!(got["Messages"][0]["Body"], "now");
}

#[tokio::test]
async fn what_is_received_too_often_goes_to_the_dead_letter_queue_and_back() {
    let door = Door::open();
    let dead = door.queue("dead", json!({})).await;
    let arn = "arn:aws:sqs:eu-central-1:000000000000:dead";
    let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": "2" }).to_string();
    let url = door
        .queue(
            "jobs",
            json!({ "RedrivePolicy": policy, "VisibilityTimeout": "1" }),
        )
        .await;
    door.send(&url, "poison", None).await;
    for _ in 0..2 {
        assert_eq!(door.bodies(&url).await, ["poison"]);
        door.pass(2).await;
    }
    assert!(door.bodies(&url).await.is_empty());
    let all =
        json!({ "QueueUrl": dead, "MessageSystemAttributeNames": ["All"], "VisibilityTimeout": 0 });
    let got = door.ok("ReceiveMessage", all).await;
    let attributes = &got["Messages"][0]["Attributes"];
    assert_eq!(
        attributes["DeadLetterQueueSourceArn"],
        "arn:aws:sqs:eu-central-1:000000000000:jobs"
    );
    assert_eq!(attributes["ApproximateReceiveCount"], "3");
    let sources = door
        .ok("ListDeadLetterSourceQueues", json!({ "QueueUrl": dead }))
        .await;
    assert_eq!(sources["queueUrls"], json!([url]));
    door.ok("StartMessageMoveTask", json!({ "SourceArn": arn }))
        .await;
    assert_eq!(door.bodies(&url).await, ["poison"]);
    let none = json!({ "deadLetterTargetArn": "arn:aws:sqs:eu-central-1:000000000000:none", "maxReceiveCount": 2 });
    let set = json!({ "QueueUrl": url, "Attributes": { "RedrivePolicy": none.to_string() } });
    assert_eq!(
        door.code("SetQueueAttributes", set).await,
        "InvalidParameterValue"
    );
}

#[tokio::test]
async fn fifo_keeps_the_order_of_groups_and_drops_repetitions() {
    let door = Door::open();
    let attributes = json!({ "FifoQueue": "true", "ContentBasedDeduplication": "true" });
    let url = door.queue("orders.fifo", attributes).await;
    for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2"), ("a", "a2")] {
        door.send(&url, body, Some(group)).await;
    }
    let first = door.ok("ReceiveMessage", json!({ "QueueUrl": url })).await;
    assert_eq!(first["Messages"][0]["Body"], "a1");
    // Group `a` is busy until `a1` is deleted.
    assert_eq!(door.bodies(&url).await, ["b1"]);
    let handle = &first["Messages"][0]["ReceiptHandle"];
    door.ok(
        "DeleteMessage",
        json!({ "QueueUrl": url, "ReceiptHandle": handle }),
    )
    .await;
    assert_eq!(door.bodies(&url).await, ["a2"]);
    door.pass(301).await;
    door.send(&url, "a1", Some("c")).await;
    assert_eq!(door.bodies(&url).await, ["b1", "a2", "a1"]);
    let bare = json!({ "QueueUrl": url, "MessageBody": "x" });
    assert_eq!(door.code("SendMessage", bare).await, "MissingParameter");
}

#[tokio::test]
async fn batches_answer_for_each_entry() {
    let door = Door::open();
    let url = door.queue("jobs", json!({})).await;
    let entries = json!([
        { "Id": "1", "MessageBody": "one", "MessageAttributes": { "n": { "DataType": "Number", "StringValue": "1" } } },
        { "Id": "2", "MessageBody": "two", "DelaySeconds": 901 },
    ]);
    let sent = door
        .ok(
            "SendMessageBatch",
            json!({ "QueueUrl": url, "Entries": entries }),
        )
        .await;
    assert_eq!(sent["Successful"][0]["Id"], "1");
    assert_eq!(sent["Failed"][0]["Code"], "InvalidParameterValue");
    let got = door
        .ok(
            "ReceiveMessage",
            json!({ "QueueUrl": url, "MessageAttributeNames": ["All"] }),
        )
        .await;
    assert_eq!(
        got["Messages"][0]["MessageAttributes"]["n"]["StringValue"],
        "1"
    );
    for (entries, code) in [
        (json!([]), "EmptyBatchRequest"),
        (
            json!([{ "Id": "a", "MessageBody": "x" }, { "Id": "a", "MessageBody": "y" }]),
            "BatchEntryIdsNotDistinct",
        ),
        (
            json!([{ "Id": "a b", "MessageBody": "x" }]),
            "InvalidBatchEntryId",
        ),
    ] {
        let input = json!({ "QueueUrl": url, "Entries": entries });
        assert_eq!(door.code("SendMessageBatch", input).await, code);
    }
}

#[tokio::test]
async fn queues_have_attributes_and_names() {
    let door = Door::open();
    let url = door
        .queue("jobs", json!({ "VisibilityTimeout": "5" }))
        .await;
    assert_eq!(
        door.queue("jobs", json!({ "VisibilityTimeout": "5" }))
            .await,
        url
    );
    let other = json!({ "QueueName": "jobs", "Attributes": { "VisibilityTimeout": "6" } });
    assert_eq!(door.code("CreateQueue", other).await, "QueueNameExists");
    let set = |attributes: Value| json!({ "QueueUrl": url, "Attributes": attributes });
    door.ok("SetQueueAttributes", set(json!({ "DelaySeconds": "9" })))
        .await;
    let all = door
        .ok(
            "GetQueueAttributes",
            json!({ "QueueUrl": url, "AttributeNames": ["All"] }),
        )
        .await;
    let all = &all["Attributes"];
    for (name, value) in [
        ("DelaySeconds", "9"),
        ("VisibilityTimeout", "5"),
        ("MessageRetentionPeriod", "345600"),
        ("SqsManagedSseEnabled", "true"),
        ("QueueArn", "arn:aws:sqs:eu-central-1:000000000000:jobs"),
    ] {
        assert_eq!(all[name], value, "{name}");
    }
    assert_eq!(all.get("FifoQueue"), None);
    for (attributes, code) in [
        (json!({ "DelaySeconds": "901" }), "InvalidAttributeValue"),
        (json!({ "Colour": "red" }), "InvalidAttributeName"),
        (json!({ "Policy": "text" }), "InvalidAttributeValue"),
    ] {
        assert_eq!(door.code("SetQueueAttributes", set(attributes)).await, code);
    }
    let gone = json!({ "QueueUrl": "http://127.0.0.1:4566/000000000000/none", "MessageBody": "x" });
    assert_eq!(door.code("SendMessage", gone).await, "QueueDoesNotExist");
    assert_eq!(
        door.code("CreateQueue", json!({ "QueueName": "a.fifo" }))
            .await,
        "InvalidParameterValue"
    );
    door.ok(
        "TagQueue",
        json!({ "QueueUrl": url, "Tags": { "team": "red" } }),
    )
    .await;
    assert_eq!(
        door.ok("ListQueueTags", json!({ "QueueUrl": url })).await["Tags"]["team"],
        "red"
    );
    door.ok("DeleteQueue", json!({ "QueueUrl": url })).await;
    assert_eq!(door.ok("ListQueues", json!({})).await, json!({}));
}
