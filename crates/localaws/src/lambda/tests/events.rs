//! Asynchronous invocations.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_tried_three_times_over_three_minutes() {
    let clock = Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap());
    let aws = aws_with(clock.clone());
    create(&aws, "flaky", "any", json!({})).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls");
    let event = json!({ "do": "count", "file": file, "until": 3 });
    let input = json!({ "FunctionName": "flaky", "InvocationType": "Event" });
    let reply = invoke(&aws, input, event).await.unwrap();
    assert_eq!(reply.output["StatusCode"], 202);
    clock.sleep(std::time::Duration::from_secs(3600)).await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "xxx");
    let lines = logged(&aws, "flaky").await;
    let starts: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("START"))
        .collect();
    assert_eq!(starts.len(), 3);
    assert!(
        starts.iter().all(|line| *line == starts[0]),
        "one request id: {starts:?}"
    );
    let input = json!({ "logGroupName": "/aws/lambda/flaky", "filterPattern": "\"START RequestId\" -INIT_START" });
    let found = aws
        .call(&scope(), "logs", "FilterLogEvents", input)
        .await
        .unwrap();
    let times = found["events"].as_array().unwrap().iter();
    let times: Vec<_> = times
        .map(|one| one["timestamp"].as_i64().unwrap())
        .collect();
    assert!(times[2] - times[0] >= 180_000, "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_succeed_leave_the_queue_and_others_come_back() {
    let clock = Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap());
    let aws = aws_with(clock.clone());
    create(&aws, "consumer", "any", json!({})).await;
    let sqs =
        async |action: &str, input: Value| aws.call(&scope(), "sqs", action, input).await.unwrap();
    let queue = sqs("CreateQueue", json!({ "QueueName": "jobs" })).await["QueueUrl"].clone();
    for body in ["good", "bad"] {
        sqs(
            "SendMessage",
            json!({ "QueueUrl": queue, "MessageBody": body }),
        )
        .await;
    }
    let mapping = json!({
        "FunctionName": "consumer",
        "EventSourceArn": "arn:aws:sqs:eu-west-1:000000000000:jobs",
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    });
    let mapping = lambda(&aws, "CreateEventSourceMapping", mapping)
        .await
        .unwrap();
    assert_eq!(mapping["State"], "Enabled");
    // The default visibility time-out is 30 seconds: "bad" is tried three times or more.
    clock.sleep(std::time::Duration::from_secs(100)).await;
    lambda(
        &aws,
        "DeleteEventSourceMapping",
        json!({ "UUID": mapping["UUID"] }),
    )
    .await
    .unwrap();
    let lines = logged(&aws, "consumer").await;
    let tries = |body: &str| lines.iter().filter(|line| line.trim() == body).count();
    assert_eq!(tries("got good"), 1, "{lines:?}");
    assert!(tries("got bad") >= 3, "{lines:?}");
}
