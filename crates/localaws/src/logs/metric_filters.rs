//! `PutMetricFilter`, `DescribeMetricFilters` and `DeleteMetricFilter`, and the metrics that come
//! of them when events are put.
//!
//! A filter's default is published for every minute of a put whose events all do not match: on
//! AWS, too, it shows only in minutes in which the group gets events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Logs;
use super::describe_log_groups::limit;
use super::model::{invalid, stream_key};
use super::pattern::Pattern;

/// Filters of one group at most.
const MOST_FILTERS: usize = 100;
/// Dimensions of one metric at most.
const MOST_DIMENSIONS: usize = 3;
/// Data of one call to CloudWatch at most.
const MOST_DATA: usize = 1_000;

/// A metric filter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MetricFilter {
    group: String,
    name: String,
    pattern: String,
    created: i64,
    /// The one transformation, as it was put.
    transformation: Value,
}

impl Logs {
    pub(super) fn put_metric_filter(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?.name;
        let input = &call.input;
        let others = ["fieldSelectionCriteria", "emitSystemFieldDimensions"];
        if let Some(name) = others.iter().find(|name| input.get(**name).is_some()) {
            return Err(invalid(format!("{name} is not supported by this endpoint")));
        }
        if input.flag("applyOnTransformedLogs") {
            return Err(invalid(
                "applyOnTransformedLogs is not supported by this endpoint",
            ));
        }
        let pattern = input.text("filterPattern").unwrap_or_default();
        Pattern::parse(pattern)?;
        let transformations = input.items("metricTransformations");
        let Some(transformation) = transformations.first() else {
            return Err(invalid("A metric filter needs a metric transformation"));
        };
        check(transformation)?;
        let name = input.text("filterName").unwrap_or_default();
        let key = stream_key(&call.scope, &group, name);
        let known = self.filters_of(&call.scope, &group);
        if known.len() >= MOST_FILTERS && known.iter().all(|one| one.name != name) {
            return Err(AwsError::new(
                "LimitExceededException",
                "Resource limit exceeded.",
            ));
        }
        let filter = MetricFilter {
            group,
            name: name.to_owned(),
            pattern: pattern.to_owned(),
            created: self.now(),
            transformation: transformation.clone(),
        };
        self.filters.put(&key, filter);
        Ok(json!({}))
    }

    pub(super) fn describe_metric_filters(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let prefix = match input.filled("logGroupName") {
            Some(_) => format!("{}:", call.scope.key(&self.named_group(call)?.name)),
            None => call.scope.prefix(),
        };
        let begin = input.text("filterNamePrefix").unwrap_or_default();
        let metric = ["metricName", "metricNamespace"].map(|name| (name, input.filled(name)));
        let wanted = |filter: &MetricFilter| {
            filter.name.starts_with(begin)
                && metric.iter().all(|(name, value)| {
                    value.is_none() || filter.transformation.text(name) == *value
                })
        };
        let found = self.filters.scan(&prefix).into_iter();
        let found: Vec<_> = found.filter(|(_, filter)| wanted(filter)).collect();
        let token = input.filled("nextToken");
        let (found, next) = page(found, |(key, _)| key.clone(), token, limit(input)?)
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?;
        let shown = found.iter().map(|(_, filter)| {
            json!({
                "filterName": filter.name,
                "filterPattern": filter.pattern,
                "metricTransformations": [filter.transformation],
                "creationTime": filter.created,
                "logGroupName": filter.group,
                "applyOnTransformedLogs": false,
            })
        });
        let mut output = json!({ "metricFilters": shown.collect::<Vec<_>>() });
        if let Some(next) = next {
            output["nextToken"] = next.into();
        }
        Ok(output)
    }

    pub(super) fn delete_metric_filter(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?.name;
        let name = call.input.text("filterName").unwrap_or_default();
        match self.filters.remove(&stream_key(&call.scope, &group, name)) {
            Some(_) => Ok(json!({})),
            None => Err(AwsError::new(
                "ResourceNotFoundException",
                "The specified metric filter does not exist.",
            )),
        }
    }

    pub(super) fn filters_of(&self, scope: &Scope, group: &str) -> Vec<MetricFilter> {
        let filters = self.filters.scan(&format!("{}:", scope.key(group)));
        filters.into_iter().map(|(_, filter)| filter).collect()
    }

    /// Publishes what the group's filters make of new events: times and messages.
    pub(super) fn measure(&self, scope: &Scope, group: &str, events: &[(i64, &str)]) {
        for filter in self.filters_of(scope, group) {
            let data = filter.data(events);
            let namespace = filter.transformation.text("metricNamespace");
            let namespace = namespace.unwrap_or_default().to_owned();
            for data in data.chunks(MOST_DATA) {
                let input = json!({ "Namespace": namespace, "MetricData": data });
                let (aws, scope) = (self.aws.clone(), scope.clone());
                self.aws.spawn(async move {
                    let put = aws.call(&scope, "cloudwatch", "PutMetricData", input);
                    if let Err(error) = put.await {
                        tracing::warn!(%error, "a metric of a log group was not published");
                    }
                });
            }
        }
    }
}

impl MetricFilter {
    fn data(&self, events: &[(i64, &str)]) -> Vec<Value> {
        let Ok(pattern) = Pattern::parse(&self.pattern) else {
            return Vec::new();
        };
        let default = self.transformation.get("defaultValue");
        let mut data = Vec::new();
        // Whether an event of the minute matched.
        let mut minutes: BTreeMap<i64, bool> = BTreeMap::new();
        for (time, message) in events {
            let matches = pattern.matches(message);
            *minutes.entry(time.div_euclid(60_000)).or_default() |= matches;
            if matches {
                data.extend(self.datum(&pattern, *time, message));
            }
        }
        for (minute, _) in minutes.iter().filter(|(_, matched)| !**matched) {
            if let Some(default) = default.and_then(Value::as_f64) {
                data.push(self.point(minute * 60_000, default, &[]));
            }
        }
        data
    }

    /// `None` where the message does not hold the number that the filter wants.
    fn datum(&self, pattern: &Pattern, time: i64, message: &str) -> Option<Value> {
        let wanted = self.transformation.text("metricValue").unwrap_or_default();
        let value = match wanted.starts_with('$') {
            true => pattern.selected(message, wanted)?,
            false => wanted.to_owned(),
        };
        let value = value
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())?;
        // A dimension that the message does not have is left out of the metric.
        let dimensions: Vec<Value> = dimensions(&self.transformation)
            .filter_map(|(name, selector)| {
                let value = pattern.selected(message, selector.as_str()?)?;
                Some(json!({ "Name": name, "Value": value }))
            })
            .collect();
        Some(self.point(time, value, &dimensions))
    }

    fn point(&self, time: i64, value: f64, dimensions: &[Value]) -> Value {
        let time = Timestamp::from_millisecond(time).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut datum = Map::from_iter([
            (
                "MetricName".to_owned(),
                self.transformation
                    .get("metricName")
                    .cloned()
                    .unwrap_or_default(),
            ),
            ("Value".to_owned(), json!(value)),
            ("Timestamp".to_owned(), json!(time.to_string())),
        ]);
        if let Some(unit) = self.transformation.get("unit") {
            datum.insert("Unit".to_owned(), unit.clone());
        }
        if !dimensions.is_empty() {
            datum.insert("Dimensions".to_owned(), json!(dimensions));
        }
        Value::Object(datum)
    }
}

fn dimensions(transformation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let dimensions = transformation.get("dimensions").and_then(Value::as_object);
    dimensions.into_iter().flatten()
}

fn check(transformation: &Value) -> Result<(), AwsError> {
    let value = transformation.text("metricValue").unwrap_or_default();
    if !value.starts_with('$') && value.parse::<f64>().is_err() {
        return Err(invalid(format!(
            "Invalid metric transformation: metricValue {value} is neither a number nor a field"
        )));
    }
    let count = dimensions(transformation).count();
    if count > 0 && transformation.get("defaultValue").is_some() {
        return Err(invalid(
            "Invalid parameter: dimensions and defaultValue are mutually exclusive properties.",
        ));
    }
    if count > MOST_DIMENSIONS {
        return Err(invalid(format!(
            "Invalid metric transformation: at most {MOST_DIMENSIONS} dimensions can be given"
        )));
    }
    Ok(())
}
