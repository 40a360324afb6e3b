//! ListMetrics, GetMetricStatistics, GetMetricData.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Inner;
use super::state::{Point, dimensions, invalid_value, metric_key};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

const STATISTICS: &[&str] = &["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

impl Inner {
    pub(super) fn list_metrics(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let wanted = input.items("Dimensions");
        let all = self.metrics.scan(&call.scope.prefix()).into_iter();
        let found = all.filter(|(_, metric)| {
            let has = |one: &Value| {
                let value = metric.dimensions.get(one.text("Name").unwrap_or_default());
                value.is_some_and(|value| one.text("Value").is_none_or(|wanted| wanted == value))
            };
            input
                .text("Namespace")
                .is_none_or(|one| one == metric.namespace)
                && input
                    .text("MetricName")
                    .is_none_or(|one| one == metric.name)
                && wanted.iter().all(has)
        });
        let shown = page(
            found.collect(),
            |(key, _)| key.clone(),
            input.text("NextToken"),
            500,
        );
        let (metrics, next) = shown.ok_or_else(|| invalid_value("Invalid nextToken"))?;
        let metrics: Vec<_> = metrics
            .iter()
            .map(|(_, metric)| {
                let dimensions = metric.dimensions.iter();
                let dimensions: Vec<_> = dimensions
                    .map(|(name, value)| json!({ "Name": name, "Value": value }))
                    .collect();
                json!({
                    "Namespace": metric.namespace,
                    "MetricName": metric.name,
                    "Dimensions": dimensions,
                })
            })
            .collect();
        let mut output = json!({ "Metrics": metrics });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }

    pub(super) fn get_metric_statistics(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        if !input.items("ExtendedStatistics").is_empty() {
            let what = "GetMetricStatistics with ExtendedStatistics";
            return Err(AwsError::not_implemented("cloudwatch", what));
        }
        let (start, end) = span(input)?;
        let period = period(input.number("Period"))?;
        let statistics = input.texts("Statistics");
        let buckets = self.buckets(call, input, start, end, period);
        let shown: Vec<_> = buckets
            .into_iter()
            .map(|(at, point)| {
                let mut shown = json!({ "Timestamp": at, "Unit": unit(input) });
                for name in &statistics {
                    shown[name.as_str()] = json!(point.statistic(name));
                }
                shown
            })
            .collect();
        Ok(json!({ "Label": input.text("MetricName"), "Datapoints": shown }))
    }

    pub(super) fn get_metric_data(&self, call: &Call) -> Result<Value, AwsError> {
        let (start, end) = span(&call.input)?;
        let ascending = call.input.text("ScanBy") == Some("TimestampAscending");
        let mut results = Vec::new();
        for query in call.input.items("MetricDataQueries") {
            let Some(wanted) = query.get("MetricStat") else {
                let what = "GetMetricData with metric math";
                return Err(AwsError::not_implemented("cloudwatch", what));
            };
            let statistic = wanted.text("Stat").unwrap_or_default();
            if !STATISTICS.contains(&statistic) {
                let what = format!("GetMetricData with statistic {statistic}");
                return Err(AwsError::not_implemented("cloudwatch", &what));
            }
            if query.get("ReturnData") == Some(&json!(false)) {
                continue;
            }
            let metric = wanted.get("Metric").unwrap_or(&Value::Null);
            let period = period(wanted.number("Period"))?;
            let mut buckets: Vec<_> = self
                .buckets(call, metric, start, end, period)
                .into_iter()
                .collect();
            if !ascending {
                buckets.reverse();
            }
            let times: Vec<_> = buckets.iter().map(|(at, _)| at).collect();
            let values: Vec<_> = buckets
                .iter()
                .map(|(_, one)| one.statistic(statistic))
                .collect();
            results.push(json!({
                "Id": query.text("Id"),
                "Label": query.text("Label").or(metric.text("MetricName")),
                "Timestamps": times,
                "Values": values,
                "StatusCode": "Complete",
            }));
        }
        Ok(json!({ "MetricDataResults": results, "Messages": [] }))
    }

    /// A metric's points by the beginnings of the periods that they lie in.
    fn buckets(
        &self,
        call: &Call,
        metric: &Value,
        start: Timestamp,
        end: Timestamp,
        period: i64,
    ) -> BTreeMap<Timestamp, Point> {
        let namespace = metric.text("Namespace").unwrap_or_default();
        let name = metric.text("MetricName").unwrap_or_default();
        let dimensions = dimensions(metric.items("Dimensions"));
        let key = metric_key(&call.scope, namespace, name, &dimensions);
        let points = self.metrics.with(&key, |metric| metric.points.clone());
        let mut buckets: BTreeMap<Timestamp, Point> = BTreeMap::new();
        for point in points.unwrap_or_default() {
            if point.at < start || point.at >= end {
                continue;
            }
            let second = point.at.as_second().div_euclid(period) * period;
            let at = Timestamp::from_second(second).unwrap_or(point.at);
            match buckets.get_mut(&at) {
                Some(bucket) => bucket.merge(&point),
                None => {
                    buckets.insert(at, point);
                }
            }
        }
        buckets
    }
}

fn unit(input: &Value) -> &str {
    input.text("Unit").unwrap_or("None")
}

fn span(input: &Value) -> Result<(Timestamp, Timestamp), AwsError> {
    let time = |name: &str| {
        let parsed = input
            .text(name)
            .and_then(|text| text.parse::<Timestamp>().ok());
        parsed.ok_or_else(|| invalid_value(format!("The parameter {name} is invalid.")))
    };
    let (start, end) = (time("StartTime")?, time("EndTime")?);
    if start >= end {
        return Err(invalid_value(
            "The parameter StartTime must be less than the parameter EndTime.",
        ));
    }
    // A period belongs to the answer when it begins within the span, so the first is whole.
    let minute = Timestamp::from_second(start.as_second().div_euclid(60) * 60);
    Ok((minute.unwrap_or(start), end))
}

fn period(given: Option<i64>) -> Result<i64, AwsError> {
    let period = given.unwrap_or(0);
    if matches!(period, 1 | 5 | 10 | 20 | 30) || (period > 0 && period % 60 == 0) {
        return Ok(period);
    }
    Err(invalid_value(
        "The parameter Period must be a multiple of 60, or 1, 5, 10, 20 or 30.",
    ))
}
