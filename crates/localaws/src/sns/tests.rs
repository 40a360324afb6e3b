//! What publishers and subscribers rely on, through the service's door.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::testing::Door;

async fn topic(door: &Door, name: &str) -> String {
    let attributes = match name.ends_with(".fifo") {
        true => json!({ "FifoTopic": "true" }),
        false => json!({}),
    };
    let made = door
        .ok(
            "sns",
            "CreateTopic",
            json!({ "Name": name, "Attributes": attributes }),
        )
        .await;
    made["TopicArn"].as_str().unwrap().to_owned()
}

async fn subscribe(door: &Door, topic: &str, queue: &str, attributes: Value) -> String {
    let input = json!({ "TopicArn": topic, "Protocol": "sqs", "Endpoint": queue, "Attributes": attributes });
    let made = door.ok("sns", "Subscribe", input).await;
    made["SubscriptionArn"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_queue_gets_the_envelope_or_the_raw_message() {
    let door = Door::open();
    let arn = topic(&door, "news").await;
    let (wrapped, wrapped_arn) = door.queue("wrapped").await;
    let (raw, raw_arn) = door.queue("raw").await;
    let subscription = subscribe(&door, &arn, &wrapped_arn, json!({})).await;
    subscribe(
        &door,
        &arn,
        &raw_arn,
        json!({ "RawMessageDelivery": "true" }),
    )
    .await;
    let attributes = json!({ "kind": { "DataType": "String", "StringValue": "big" } });
    let published = door
        .ok("sns", "Publish", json!({ "TopicArn": arn, "Message": "hello", "Subject": "Hi", "MessageAttributes": attributes }))
        .await;
    let body = door.messages(&wrapped).await.remove(0);
    for (member, value) in [
        ("Type", json!("Notification")),
        ("MessageId", published["MessageId"].clone()),
        ("TopicArn", json!(arn)),
        ("Subject", json!("Hi")),
        ("Message", json!("hello")),
        ("Timestamp", json!("2026-11-22T10:00:00.000Z")),
        (
            "MessageAttributes",
            json!({ "kind": { "Type": "String", "Value": "big" } }),
        ),
    ] {
        assert_eq!(body[member], value, "{member}");
    }
    assert!(
        body["UnsubscribeURL"]
            .as_str()
            .unwrap()
            .ends_with(&subscription)
    );
    assert_eq!(door.messages(&raw).await, [json!("hello")]);
    let by_protocol = json!({ "default": "d", "sqs": "for queues" }).to_string();
    let input = json!({ "TopicArn": arn, "Message": by_protocol, "MessageStructure": "json" });
    door.ok("sns", "Publish", input).await;
    assert_eq!(door.messages(&raw).await, [json!("for queues")]);
    door.ok(
        "sns",
        "Unsubscribe",
        json!({ "SubscriptionArn": subscription }),
    )
    .await;
    door.ok("sns", "Publish", json!({ "TopicArn": arn, "Message": "x" }))
        .await;
    // The message before is all that is there.
    assert_eq!(door.messages(&wrapped).await.len(), 1);
}

#[tokio::test]
async fn filters_choose_messages() {
    let door = Door::open();
    let arn = topic(&door, "news").await;
    let (url, queue) = door.queue("jobs").await;
    let subscription =
        subscribe(&door, &arn, &queue, json!({ "RawMessageDelivery": "true" })).await;
    let set = |name: &str, value: &str| json!({ "SubscriptionArn": subscription, "AttributeName": name, "AttributeValue": value });
    let text = |value: &str| json!({ "DataType": "String", "StringValue": value });
    let number = |value: &str| json!({ "DataType": "Number", "StringValue": value });
    let array = json!({ "DataType": "String.Array", "StringValue": "[\"red\",\"blue\"]" });
    for (policy, attributes, wanted) in [
        (r#"{"team":["red"]}"#, json!({ "team": text("red") }), true),
        (
            r#"{"team":["red"]}"#,
            json!({ "team": text("blue") }),
            false,
        ),
        (r#"{"team":["red"]}"#, json!({}), false),
        (
            r#"{"team":[{"anything-but":["red"]}]}"#,
            json!({ "team": text("blue") }),
            true,
        ),
        (
            r#"{"team":[{"prefix":"re"}],"size":[{"numeric":[">",5]}]}"#,
            json!({ "team": text("red"), "size": number("6") }),
            true,
        ),
        (
            r#"{"size":[{"numeric":[">",5]}]}"#,
            json!({ "size": text("6") }),
            false,
        ),
        (
            r#"{"size":[{"exists":false}]}"#,
            json!({ "team": text("red") }),
            true,
        ),
        (r#"{"teams":["blue"]}"#, json!({ "teams": array }), true),
        (
            r#"{"$or":[{"a":["1"]},{"b":["2"]}]}"#,
            json!({ "b": text("2") }),
            true,
        ),
    ] {
        door.ok(
            "sns",
            "SetSubscriptionAttributes",
            set("FilterPolicy", policy),
        )
        .await;
        let input = json!({ "TopicArn": arn, "Message": "m", "MessageAttributes": attributes });
        door.ok("sns", "Publish", input).await;
        assert_eq!(
            !door.messages(&url).await.is_empty(),
            wanted,
            "{policy} {attributes}"
        );
    }
    let nested = r#"{"order":{"total":[{"numeric":[">=",10]}]}}"#;
    assert_eq!(
        door.code(
            "sns",
            "SetSubscriptionAttributes",
            set("FilterPolicy", nested)
        )
        .await,
        "InvalidParameter"
    );
    door.ok(
        "sns",
        "SetSubscriptionAttributes",
        set("FilterPolicyScope", "MessageBody"),
    )
    .await;
    door.ok(
        "sns",
        "SetSubscriptionAttributes",
        set("FilterPolicy", nested),
    )
    .await;
    for (body, wanted) in [
        (r#"{"order":{"total":10}}"#, 1),
        (r#"{"order":{"total":9}}"#, 0),
        ("text", 0),
    ] {
        door.ok(
            "sns",
            "Publish",
            json!({ "TopicArn": arn, "Message": body }),
        )
        .await;
        assert_eq!(door.messages(&url).await.len(), wanted, "{body}");
    }
}

#[tokio::test]
async fn a_fifo_topic_keeps_order_and_drops_repetitions() {
    let door = Door::open();
    let arn = topic(&door, "orders.fifo").await;
    let (url, queue) = door.queue("orders.fifo").await;
    subscribe(&door, &arn, &queue, json!({ "RawMessageDelivery": "true" })).await;
    for id in ["1", "2", "2", "3"] {
        let input = json!({ "TopicArn": arn, "Message": id, "MessageGroupId": "g", "MessageDeduplicationId": id });
        door.ok("sns", "Publish", input).await;
    }
    assert_eq!(door.messages(&url).await, [json!(1), json!(2), json!(3)]);
    let bare = json!({ "TopicArn": arn, "Message": "x" });
    assert_eq!(door.code("sns", "Publish", bare).await, "InvalidParameter");
}

#[tokio::test]
async fn what_cannot_be_delivered_goes_to_the_dead_letter_queue() {
    let door = Door::open();
    let arn = topic(&door, "news").await;
    let (dead, dead_arn) = door.queue("dead").await;
    let policy = json!({ "deadLetterTargetArn": dead_arn }).to_string();
    let nowhere = door.scope.arn("sqs", "nowhere");
    subscribe(&door, &arn, &nowhere, json!({ "RedrivePolicy": policy })).await;
    door.ok(
        "sns",
        "Publish",
        json!({ "TopicArn": arn, "Message": "lost" }),
    )
    .await;
    assert_eq!(door.messages(&dead).await[0]["Message"], "lost");
}

#[tokio::test]
async fn mail_waits_for_consent() {
    let door = Door::open();
    let arn = topic(&door, "news").await;
    let input = json!({ "TopicArn": arn, "Protocol": "email", "Endpoint": "a@example.com" });
    let made = door.ok("sns", "Subscribe", input).await;
    assert_eq!(made["SubscriptionArn"], "pending confirmation");
    let list = door
        .ok(
            "sns",
            "ListSubscriptionsByTopic",
            json!({ "TopicArn": arn }),
        )
        .await;
    assert_eq!(
        list["Subscriptions"][0]["SubscriptionArn"],
        "PendingConfirmation"
    );
    let wrong = json!({ "TopicArn": arn, "Token": "x" });
    assert_eq!(
        door.code("sns", "ConfirmSubscription", wrong).await,
        "InvalidParameter"
    );
    let attributes = door
        .ok("sns", "GetTopicAttributes", json!({ "TopicArn": arn }))
        .await;
    assert_eq!(attributes["Attributes"]["SubscriptionsPending"], "1");
    for (protocol, endpoint, code) in [
        ("sqs", "not-an-arn", "InvalidParameter"),
        ("http", "http://example.com/", "InvalidParameter"),
        ("pigeon", "x", "InvalidParameter"),
        (
            "firehose",
            "arn:aws:firehose:eu-central-1:000000000000:deliverystream/x",
            "NotImplemented",
        ),
    ] {
        let input = json!({ "TopicArn": arn, "Protocol": protocol, "Endpoint": endpoint });
        assert_eq!(
            door.code("sns", "Subscribe", input).await,
            code,
            "{protocol}"
        );
    }
    let gone = json!({ "TopicArn": door.scope.arn("sns", "none"), "Message": "x" });
    assert_eq!(door.code("sns", "Publish", gone).await, "NotFound");
}

#[tokio::test]
async fn a_program_on_this_machine_is_asked_and_told() {
    let door = Door::open();
    let arn = topic(&door, "news").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let hear = async || {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        loop {
            let mut some = [0; 4096];
            let count = stream.read(&mut some).await.unwrap();
            heard.extend_from_slice(&some[..count]);
            let text = String::from_utf8(heard.clone()).unwrap();
            if let Some((_, body)) = text.split_once("\r\n\r\n")
                && let Ok(body) = serde_json::from_str::<Value>(body)
            {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .await
                    .unwrap();
                return body;
            }
        }
    };
    let input = json!({ "TopicArn": arn, "Protocol": "http", "Endpoint": url });
    door.ok("sns", "Subscribe", input).await;
    let question = hear().await;
    assert_eq!(question["Type"], "SubscriptionConfirmation");
    let confirm = json!({ "TopicArn": arn, "Token": question["Token"] });
    door.ok("sns", "ConfirmSubscription", confirm).await;
    door.ok(
        "sns",
        "Publish",
        json!({ "TopicArn": arn, "Message": "hello" }),
    )
    .await;
    assert_eq!(hear().await["Message"], "hello");
}
