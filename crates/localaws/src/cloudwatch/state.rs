//! What CloudWatch keeps: data points, alarms with their history, dashboards.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::{AwsError, Scope};

/// A metric: a namespace, a name and exactly these dimensions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Metric {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) dimensions: BTreeMap<String, String>,
    /// In the order of their times.
    pub(super) points: Vec<Point>,
}

/// Everything that was put for one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Point {
    pub(super) at: Timestamp,
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
}

impl Point {
    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
    }

    /// A statistic by its name; `None` for what is not built (percentiles).
    pub(super) fn statistic(&self, name: &str) -> Option<f64> {
        match name {
            "SampleCount" => Some(self.count),
            "Sum" => Some(self.sum),
            "Average" => Some(self.sum / self.count),
            "Minimum" => Some(self.minimum),
            "Maximum" => Some(self.maximum),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Alarm {
    pub(super) name: String,
    pub(super) scope: Scope,
    /// Has a rule over other alarms instead of a metric.
    pub(super) composite: bool,
    /// What was given, by the names of the API.
    pub(super) members: Map<String, Value>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) configured: Timestamp,
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) reason_data: Option<String>,
    pub(super) changed: Timestamp,
}

impl Alarm {
    pub(super) fn arn(&self) -> String {
        self.scope
            .arn("cloudwatch", &format!("alarm:{}", self.name))
    }

    /// The key of the metric that the alarm watches, if it watches one by itself.
    pub(super) fn metric(&self) -> Option<String> {
        let members = &self.members;
        let dimensions = dimensions(members.items("Dimensions"));
        let (namespace, name) = (members.text("Namespace")?, members.text("MetricName")?);
        Some(metric_key(&self.scope, namespace, name, &dimensions))
    }
}

/// What happened to an alarm.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) alarm: String,
    pub(super) composite: bool,
    pub(super) at: Timestamp,
    /// `ConfigurationUpdate`, `StateUpdate` or `Action`.
    pub(super) kind: String,
    pub(super) summary: String,
    pub(super) data: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Dashboard {
    pub(super) body: String,
    pub(super) modified: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

pub(super) fn dimensions(list: &[Value]) -> BTreeMap<String, String> {
    let pairs = list.iter();
    pairs
        .filter_map(|one| {
            let value = one.text("Value").unwrap_or_default();
            Some((one.text("Name")?.to_owned(), value.to_owned()))
        })
        .collect()
}

pub(super) fn metric_key(
    scope: &Scope,
    namespace: &str,
    name: &str,
    dimensions: &BTreeMap<String, String>,
) -> String {
    scope.key(&json!([namespace, name, dimensions]).to_string())
}

pub(super) fn invalid_value(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValue", message)
}

pub(super) fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceNotFound", message).with_status(404)
}
