//! PutMetricData.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::Inner;
use super::state::{Metric, Point, dimensions, invalid_value, metric_key};
use crate::params::Params;
use crate::{AwsError, Call};

/// How long data points are kept: what AWS keeps at a resolution of one minute.
const KEPT_DAYS: i64 = 15;

impl Inner {
    pub(super) fn put_metric_data(&self, call: &Call) -> Result<Value, AwsError> {
        let namespace = call.input.text("Namespace").unwrap_or_default();
        if namespace.is_empty() || namespace.starts_with(':') || namespace.len() > 255 {
            return Err(invalid_value(
                "The value for parameter Namespace is invalid.",
            ));
        }
        if namespace.starts_with("AWS/") && !call.caller.starts_with("service:") {
            return Err(invalid_value(
                "The value AWS/ for parameter Namespace is invalid.",
            ));
        }
        let now = self.aws.clock().now();
        let mut read = Vec::new();
        for (at, datum) in call.input.items("MetricData").iter().enumerate() {
            let place = format!("MetricData.member.{}", at + 1);
            read.push((datum, point(datum, now, &place)?));
        }
        for (datum, point) in read {
            let name = datum.text("MetricName").unwrap_or_default();
            let dimensions = dimensions(datum.items("Dimensions"));
            let key = metric_key(&call.scope, namespace, name, &dimensions);
            self.metrics.edit(&key, |metric| {
                let metric = metric.get_or_insert_with(|| Metric {
                    namespace: namespace.to_owned(),
                    name: name.to_owned(),
                    dimensions,
                    points: Vec::new(),
                });
                metric.add(point, now);
            });
            self.watch(&key, now);
        }
        Ok(json!({}))
    }
}

impl Metric {
    fn add(&mut self, point: Point, now: Timestamp) {
        let oldest = now.checked_sub((24 * KEPT_DAYS).hours()).unwrap_or(now);
        self.points.retain(|old| old.at >= oldest);
        match self.points.binary_search_by_key(&point.at, |old| old.at) {
            Ok(at) => {
                if let Some(there) = self.points.get_mut(at) {
                    there.merge(&point);
                }
            }
            Err(at) => self.points.insert(at, point),
        }
    }
}

/// One datum as a point, in one of the three ways it can be said.
fn point(datum: &Value, now: Timestamp, place: &str) -> Result<Point, AwsError> {
    if datum.filled("MetricName").is_none() {
        return Err(AwsError::new(
            "MissingParameter",
            format!("The parameter {place}.MetricName is required."),
        ));
    }
    let time = match datum.text("Timestamp") {
        Some(text) => text
            .parse::<Timestamp>()
            .map_err(|_| invalid_value(format!("The parameter {place}.Timestamp is invalid.")))?,
        None => now,
    };
    // Whole minutes, unless the metric is of high resolution.
    let resolution = datum.number("StorageResolution").unwrap_or(60).clamp(1, 60);
    let second = time.as_second().div_euclid(resolution) * resolution;
    let at = Timestamp::from_second(second).unwrap_or(time);
    let number = |value: &Value, name: &str| value.get(name).and_then(Value::as_f64);
    let made = if let Some(set) = datum.member("StatisticValues") {
        let part = |name| number(set, name);
        (|| {
            Some(Point {
                at,
                count: part("SampleCount")?,
                sum: part("Sum")?,
                minimum: part("Minimum")?,
                maximum: part("Maximum")?,
            })
        })()
    } else if let Some(value) = number(datum, "Value") {
        Some(single(at, value, 1.0))
    } else {
        let counts = datum.items("Counts");
        let values = datum.items("Values").iter().enumerate();
        let points = values.filter_map(|(index, value)| {
            let count = counts.get(index).and_then(Value::as_f64).unwrap_or(1.0);
            Some(single(at, value.as_f64()?, count))
        });
        points.reduce(|mut all, one| {
            all.merge(&one);
            all
        })
    };
    made.filter(|made| made.sum.is_finite() && made.count > 0.0).ok_or_else(|| {
        AwsError::new(
            "InvalidParameterCombination",
            format!("At least one of the parameters must be specified: {place}.Value, {place}.Values, {place}.StatisticValues."),
        )
    })
}

fn single(at: Timestamp, value: f64, count: f64) -> Point {
    Point {
        at,
        count,
        sum: value * count,
        minimum: value,
        maximum: value,
    }
}
