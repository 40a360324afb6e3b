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
