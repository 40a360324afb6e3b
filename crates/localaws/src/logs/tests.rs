//! The service through its calls.

use serde_json::{Value, json};

use crate::{Aws, Clock, Config, Ids, Scope, Store};

fn aws() -> Aws {
    Aws::start(Config {
        clock: Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap()),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    })
}

async fn logs(aws: &Aws, action: &str, input: Value) -> Value {
    aws.call(&Scope::new("eu-west-1"), "logs", action, input)
        .await
        .unwrap_or_else(|error| json!({ "error": error.code }))
}

/// A group `/app` with streams `a` and `b` and three events.
async fn filled() -> (Aws, i64) {
    let aws = aws();
    let now = aws.clock().now().as_millisecond();
    logs(
        &aws,
        "CreateLogGroup",
        json!({ "logGroupName": "/app", "tags": { "k": "v" } }),
    )
    .await;
    for stream in ["a", "b"] {
        let input = json!({ "logGroupName": "/app", "logStreamName": stream });
        assert_eq!(logs(&aws, "CreateLogStream", input).await, json!({}));
    }
    for (stream, time, message) in [("a", 2, "two"), ("b", 1, "one"), ("a", 3, "three")] {
        let put = json!({
            "logGroupName": "/app", "logStreamName": stream,
            "logEvents": [{ "timestamp": now + time, "message": message }],
        });
        let put = logs(&aws, "PutLogEvents", put).await;
        assert!(put["rejectedLogEventsInfo"].is_null(), "{put}");
    }
    (aws, now)
}

fn messages(output: &Value) -> Vec<&str> {
    let events = output["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["message"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn filtering_goes_through_all_streams_in_the_order_of_time() {
    let (aws, now) = filled().await;
    let all = logs(
        &aws,
        "FilterLogEvents",
        json!({ "logGroupName": "/app", "limit": 2 }),
    )
    .await;
    assert_eq!(messages(&all), ["one", "two"]);
    let rest = json!({ "logGroupName": "/app", "nextToken": all["nextToken"] });
    assert_eq!(
        messages(&logs(&aws, "FilterLogEvents", rest).await),
        ["three"]
    );
    let some = json!({
        "logGroupIdentifier": "arn:aws:logs:eu-west-1:000000000000:log-group:/app:*",
        "logStreamNames": ["a"], "filterPattern": "t", "endTime": now + 2,
    });
    assert_eq!(
        messages(&logs(&aws, "FilterLogEvents", some).await),
        ["two"]
    );
}

#[tokio::test]
async fn reading_a_stream_pages_both_ways_and_repeats_the_token_at_the_end() {
    let (aws, _) = filled().await;
    let read = |token: Value, head: bool| {
        let mut input = json!({
            "logGroupName": "/app", "logStreamName": "a", "limit": 1, "startFromHead": head,
        });
        if !token.is_null() {
            input["nextToken"] = token;
        }
        input
    };
    let first = logs(&aws, "GetLogEvents", read(Value::Null, true)).await;
    assert_eq!(messages(&first), ["two"]);
    let second = logs(
        &aws,
        "GetLogEvents",
        read(first["nextForwardToken"].clone(), true),
    )
    .await;
    assert_eq!(messages(&second), ["three"]);
    let end = logs(
        &aws,
        "GetLogEvents",
        read(second["nextForwardToken"].clone(), true),
    )
    .await;
    assert_eq!(messages(&end), Vec::<&str>::new());
    assert_eq!(end["nextForwardToken"], second["nextForwardToken"]);
    let back = logs(
        &aws,
        "GetLogEvents",
        read(second["nextBackwardToken"].clone(), true),
    )
    .await;
    assert_eq!(messages(&back), ["two"]);
    let tail = logs(&aws, "GetLogEvents", read(Value::Null, false)).await;
    assert_eq!(messages(&tail), ["three"]);
}

#[tokio::test]
async fn events_outside_the_window_are_rejected_by_index() {
    let (aws, now) = filled().await;
    let day = 86_400_000;
    let put = json!({
        "logGroupName": "/app", "logStreamName": "a",
        "logEvents": [
            { "timestamp": now - 15 * day, "message": "old" },
            { "timestamp": now, "message": "fine" },
            { "timestamp": now + day, "message": "new" },
        ],
    });
    let put = logs(&aws, "PutLogEvents", put).await;
    let expected = json!({ "tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2 });
    assert_eq!(put["rejectedLogEventsInfo"], expected);
}

#[tokio::test]
async fn groups_and_streams_are_described_in_pages() {
    let (aws, now) = filled().await;
    logs(&aws, "CreateLogGroup", json!({ "logGroupName": "/apq" })).await;
    let retention = json!({ "logGroupName": "/app", "retentionInDays": 7 });
    logs(&aws, "PutRetentionPolicy", retention).await;
    let first = logs(&aws, "DescribeLogGroups", json!({ "limit": 1 })).await;
    assert_eq!(first["logGroups"][0]["retentionInDays"], 7);
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:/app:*";
    assert_eq!(first["logGroups"][0]["arn"], arn);
    let rest = json!({ "nextToken": first["nextToken"] });
    let rest = logs(&aws, "DescribeLogGroups", rest).await;
    assert_eq!(rest["logGroups"][0]["logGroupName"], "/apq");
    let prefixed = logs(
        &aws,
        "DescribeLogGroups",
        json!({ "logGroupNamePrefix": "/app" }),
    )
    .await;
    assert_eq!(prefixed["logGroups"].as_array().unwrap().len(), 1);
    let latest = json!({
        "logGroupName": "/app", "orderBy": "LastEventTime", "descending": true, "limit": 1,
    });
    let latest = logs(&aws, "DescribeLogStreams", latest).await;
    assert_eq!(latest["logStreams"][0]["logStreamName"], "a");
    assert_eq!(latest["logStreams"][0]["lastEventTimestamp"], now + 3);
    let tags = json!({ "resourceArn": arn.trim_end_matches(":*") });
    assert_eq!(
        logs(&aws, "ListTagsForResource", tags).await["tags"],
        json!({ "k": "v" })
    );
}

#[tokio::test]
async fn wrong_calls_are_refused_as_on_aws() {
    let (aws, now) = filled().await;
    let event = |time: i64| json!({ "timestamp": time, "message": "x" });
    let table = [
        (
            "CreateLogGroup",
            json!({ "logGroupName": "/app" }),
            "ResourceAlreadyExistsException",
        ),
        (
            "CreateLogGroup",
            json!({ "logGroupName": "a b" }),
            "InvalidParameterException",
        ),
        (
            "CreateLogStream",
            json!({ "logGroupName": "/app", "logStreamName": "a" }),
            "ResourceAlreadyExistsException",
        ),
        (
            "DeleteLogGroup",
            json!({ "logGroupName": "/none" }),
            "ResourceNotFoundException",
        ),
        (
            "PutRetentionPolicy",
            json!({ "logGroupName": "/app", "retentionInDays": 2 }),
            "InvalidParameterException",
        ),
        (
            "PutLogEvents",
            json!({ "logGroupName": "/app", "logStreamName": "a", "logEvents": [event(now + 1), event(now)] }),
            "InvalidParameterException",
        ),
        (
            "GetLogEvents",
            json!({ "logGroupName": "/app", "logStreamName": "zz" }),
            "ResourceNotFoundException",
        ),
        ("StartQuery", json!({}), "NotImplemented"),
    ];
    for (action, input, code) in table {
        assert_eq!(
            logs(&aws, action, input.clone()).await["error"],
            code,
            "{action} {input}"
        );
    }
}

#[tokio::test]
async fn metric_filters_make_metrics_of_events() {
    let (aws, now) = filled().await;
    let filter = |name: &str, pattern: &str, transformation: Value| {
        json!({
            "logGroupName": "/app", "filterName": name, "filterPattern": pattern,
            "metricTransformations": [transformation],
        })
    };
    let metric = |name: &str, value: &str| json!({ "metricName": name, "metricNamespace": "App", "metricValue": value });
    let mut counted = metric("Errors", "1");
    counted["defaultValue"] = json!(0);
    let mut timed = metric("Millis", "$.millis");
    timed["dimensions"] = json!({ "Path": "$.path" });
    for (name, pattern, transformation) in [
        ("errors", "ERROR", counted.clone()),
        ("millis", "{ $.millis > 0 }", timed.clone()),
        (
            "bytes",
            "[word, ..., bytes > 10]",
            metric("Bytes", "$bytes"),
        ),
    ] {
        let put = logs(
            &aws,
            "PutMetricFilter",
            filter(name, pattern, transformation),
        );
        assert_eq!(put.await, json!({}));
    }
    timed["defaultValue"] = json!(1);
    let refused = [
        ("both", "x", timed),
        ("pattern", "{ $.a", metric("M", "1")),
        ("value", "x", metric("M", "one")),
    ];
    for (name, pattern, transformation) in refused {
        let put = logs(
            &aws,
            "PutMetricFilter",
            filter(name, pattern, transformation),
        )
        .await;
        assert_eq!(put["error"], "InvalidParameterException", "{name}");
    }
    let messages = [
        "ERROR one",
        "sent to us 20",
        r#"{"millis": 2.5, "path": "/a"}"#,
        r#"{"millis": 4, "path": "/a"}"#,
        "ERROR two",
    ];
    for (minute, messages) in [(-2, &messages[..]), (-1, &messages[1..2])] {
        let events = messages
            .iter()
            .map(|message| json!({ "timestamp": now + minute * 60_000, "message": message }));
        let put = json!({
            "logGroupName": "/app", "logStreamName": "a",
            "logEvents": events.collect::<Vec<_>>(),
        });
        logs(&aws, "PutLogEvents", put).await;
    }
    aws.clock().sleep(std::time::Duration::from_secs(1)).await;
    let cases = [
        ("Errors", json!([]), json!([[2.0, 2.0], [1.0, 0.0]])),
        (
            "Millis",
            json!([{ "Name": "Path", "Value": "/a" }]),
            json!([[2.0, 6.5]]),
        ),
        ("Bytes", json!([]), json!([[1.0, 20.0], [1.0, 20.0]])),
    ];
    let at = |minute: i64| {
        let time = jiff::Timestamp::from_millisecond(now + minute * 60_000).unwrap();
        time.to_string()
    };
    for (name, dimensions, expected) in cases {
        let input = json!({
            "Namespace": "App", "MetricName": name, "Dimensions": dimensions, "Period": 60,
            "StartTime": at(-5), "EndTime": at(1), "Statistics": ["SampleCount", "Sum"],
        });
        let scope = Scope::new("eu-west-1");
        let found = aws
            .call(&scope, "cloudwatch", "GetMetricStatistics", input)
            .await
            .unwrap();
        let mut points = found["Datapoints"].as_array().unwrap().clone();
        points.sort_by_key(|point| point["Timestamp"].to_string());
        let found: Vec<_> = points
            .iter()
            .map(|point| json!([point["SampleCount"], point["Sum"]]))
            .collect();
        assert_eq!(json!(found), expected, "{name}");
    }
    let input = json!({ "logGroupName": "/app", "filterNamePrefix": "e" });
    let found = logs(&aws, "DescribeMetricFilters", input).await;
    assert_eq!(found["metricFilters"][0]["filterName"], "errors");
    assert_eq!(
        found["metricFilters"][0]["metricTransformations"],
        json!([counted])
    );
    let groups = logs(&aws, "DescribeLogGroups", json!({})).await;
    assert_eq!(groups["logGroups"][0]["metricFilterCount"], 3);
    let input = json!({ "logGroupName": "/app", "filterName": "errors" });
    assert_eq!(
        logs(&aws, "DeleteMetricFilter", input.clone()).await,
        json!({})
    );
    let gone = logs(&aws, "DeleteMetricFilter", input).await;
    assert_eq!(gone["error"], "ResourceNotFoundException");
}
