//! What owners of metrics and alarms rely on, through the service's door.

use serde_json::{Value, json};

use crate::testing::Door;

async fn put(door: &Door, value: f64) {
    let datum = json!({ "MetricName": "Errors", "Dimensions": [{ "Name": "App", "Value": "a" }], "Value": value });
    door.ok(
        "cloudwatch",
        "PutMetricData",
        json!({ "Namespace": "Mine", "MetricData": [datum] }),
    )
    .await;
}

fn alarm(topic: &str) -> Value {
    json!({
        "AlarmName": "errors", "Namespace": "Mine", "MetricName": "Errors",
        "Dimensions": [{ "Name": "App", "Value": "a" }], "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 2, "DatapointsToAlarm": 1, "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
        "AlarmActions": [topic], "OKActions": [topic],
    })
}

async fn state(door: &Door) -> Value {
    let shown = door
        .ok(
            "cloudwatch",
            "DescribeAlarms",
            json!({ "AlarmNames": ["errors"] }),
        )
        .await;
    shown["MetricAlarms"][0]["StateValue"].clone()
}

#[tokio::test]
async fn points_become_statistics() {
    let door = Door::open();
    for value in [1.0, 3.0, 8.0] {
        put(&door, value).await;
        door.pass(60).await;
    }
    let metric = json!({ "Namespace": "Mine", "MetricName": "Errors", "Dimensions": [{ "Name": "App", "Value": "a" }] });
    let mut input = metric.clone();
    for (name, value) in [
        ("StartTime", json!("2026-11-22T10:00:00Z")),
        ("EndTime", json!("2026-11-22T11:00:00Z")),
        ("Period", json!(120)),
        (
            "Statistics",
            json!(["Sum", "Average", "Maximum", "SampleCount"]),
        ),
    ] {
        input[name] = value;
    }
    let got = door
        .ok("cloudwatch", "GetMetricStatistics", input.clone())
        .await;
    let first = json!({ "Timestamp": "2026-11-22T10:00:00Z", "Unit": "None", "Sum": 4.0, "Average": 2.0, "Maximum": 3.0, "SampleCount": 2.0 });
    assert_eq!(got["Datapoints"][0], first);
    let query =
        json!({ "Id": "m", "MetricStat": { "Metric": metric, "Period": 60, "Stat": "Sum" } });
    let data = json!({ "StartTime": input["StartTime"], "EndTime": input["EndTime"], "MetricDataQueries": [query] });
    let got = door.ok("cloudwatch", "GetMetricData", data).await;
    assert_eq!(
        got["MetricDataResults"][0]["Values"],
        json!([8.0, 3.0, 1.0])
    );
    let listed = door
        .ok(
            "cloudwatch",
            "ListMetrics",
            json!({ "Dimensions": [{ "Name": "App" }] }),
        )
        .await;
    assert_eq!(listed["Metrics"][0]["MetricName"], "Errors");
    let reserved =
        json!({ "Namespace": "AWS/Lambda", "MetricData": [{ "MetricName": "x", "Value": 1 }] });
    assert_eq!(
        door.code("cloudwatch", "PutMetricData", reserved).await,
        "InvalidParameterValue"
    );
}

#[tokio::test]
async fn an_alarm_rings_and_calms_down() {
    let door = Door::open();
    let topic = door
        .ok("sns", "CreateTopic", json!({ "Name": "alerts" }))
        .await;
    let topic = topic["TopicArn"].as_str().unwrap();
    let (url, queue) = door.queue("alerts").await;
    let input = json!({ "TopicArn": topic, "Protocol": "sqs", "Endpoint": queue, "Attributes": { "RawMessageDelivery": "true" } });
    door.ok("sns", "Subscribe", input).await;
    door.ok("cloudwatch", "PutMetricAlarm", alarm(topic)).await;
    assert_eq!(state(&door).await, "INSUFFICIENT_DATA");
    door.pass(61).await;
    assert_eq!(state(&door).await, "OK");
    door.messages(&url).await;
    put(&door, 2.0).await;
    door.pass(61).await;
    assert_eq!(state(&door).await, "ALARM");
    let rung = door.messages(&url).await;
    assert_eq!(rung.len(), 1);
    assert_eq!(rung[0]["NewStateValue"], "ALARM");
    assert_eq!(rung[0]["OldStateValue"], "OK");
    assert_eq!(
        rung[0]["NewStateReason"],
        "Threshold Crossed: 1 datapoint [2.0] was greater than or equal to the threshold (1.0)."
    );
    door.pass(300).await;
    assert_eq!(state(&door).await, "OK");
    assert_eq!(door.messages(&url).await[0]["NewStateValue"], "OK");
    let history = json!({ "AlarmName": "errors", "HistoryItemType": "StateUpdate" });
    let history = door.ok("cloudwatch", "DescribeAlarmHistory", history).await;
    assert_eq!(
        history["AlarmHistoryItems"][0]["HistorySummary"],
        "Alarm updated from ALARM to OK"
    );
    assert_eq!(history["AlarmHistoryItems"].as_array().unwrap().len(), 3);
    let set = json!({ "AlarmName": "errors", "StateValue": "ALARM", "StateReason": "drill" });
    door.ok(
        "cloudwatch",
        "DisableAlarmActions",
        json!({ "AlarmNames": ["errors"] }),
    )
    .await;
    door.ok("cloudwatch", "SetAlarmState", set).await;
    assert_eq!(state(&door).await, "ALARM");
    assert!(door.messages(&url).await.is_empty());
}

#[tokio::test]
async fn missing_data_counts_as_told() {
    for (treatment, wanted) in [
        ("missing", "INSUFFICIENT_DATA"),
        ("breaching", "ALARM"),
        ("notBreaching", "OK"),
        ("ignore", "ALARM"),
    ] {
        let door = Door::open();
        let mut input = alarm("arn:aws:sns:eu-central-1:000000000000:none");
        input["TreatMissingData"] = json!(treatment);
        door.ok("cloudwatch", "PutMetricAlarm", input).await;
        put(&door, 5.0).await;
        door.pass(61).await;
        assert_eq!(state(&door).await, "ALARM", "{treatment}");
        door.pass(600).await;
        assert_eq!(state(&door).await, wanted, "{treatment}");
    }
}

#[tokio::test]
async fn the_rest_is_kept_and_shown() {
    let door = Door::open();
    let composite = json!({ "AlarmName": "all", "AlarmRule": "ALARM(errors)", "Tags": [{ "Key": "a", "Value": "1" }] });
    door.ok("cloudwatch", "PutCompositeAlarm", composite).await;
    let shown = door.ok("cloudwatch", "DescribeAlarms", json!({})).await;
    assert_eq!(shown["CompositeAlarms"], json!([]));
    let shown = door
        .ok(
            "cloudwatch",
            "DescribeAlarms",
            json!({ "AlarmTypes": ["CompositeAlarm"] }),
        )
        .await;
    let arn = &shown["CompositeAlarms"][0]["AlarmArn"];
    assert_eq!(
        *arn,
        "arn:aws:cloudwatch:eu-central-1:000000000000:alarm:all"
    );
    let tags = door
        .ok(
            "cloudwatch",
            "ListTagsForResource",
            json!({ "ResourceARN": arn }),
        )
        .await;
    assert_eq!(tags["Tags"][0]["Key"], "a");
    door.ok(
        "cloudwatch",
        "PutDashboard",
        json!({ "DashboardName": "d", "DashboardBody": "{\"widgets\":[]}" }),
    )
    .await;
    let listed = door.ok("cloudwatch", "ListDashboards", json!({})).await;
    assert_eq!(listed["DashboardEntries"][0]["DashboardName"], "d");
    let bad = json!({ "DashboardName": "d", "DashboardBody": "text" });
    assert_eq!(
        door.code("cloudwatch", "PutDashboard", bad).await,
        "InvalidParameterInput"
    );
    let mut wrong = alarm("t");
    wrong["Period"] = json!(61);
    assert_eq!(
        door.code("cloudwatch", "PutMetricAlarm", wrong).await,
        "InvalidParameterValue"
    );
    assert_eq!(
        door.code("cloudwatch", "DeleteAlarms", json!({ "AlarmNames": ["x"] }))
            .await,
        "ResourceNotFound"
    );
}
