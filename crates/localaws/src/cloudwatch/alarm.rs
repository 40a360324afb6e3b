//! PutMetricAlarm, PutCompositeAlarm, DeleteAlarms.

use serde_json::{Map, Value, json};

use super::Inner;
use super::state::{Alarm, invalid_value, not_found};
use crate::params::Params;
use crate::{AwsError, Call};

const OPERATORS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "GreaterThanUpperThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanThreshold",
];

impl Inner {
    pub(super) fn put_metric_alarm(&self, call: &Call) -> Result<Value, AwsError> {
        let mut members = members(call)?;
        let missing = |name: &str| {
            let message = format!("The parameter {name} is required.");
            AwsError::new("MissingParameter", message)
        };
        let periods = members.number("EvaluationPeriods");
        if members.member("EvaluationCriteria").is_none() {
            if periods.is_none_or(|periods| periods < 1) {
                return Err(missing("EvaluationPeriods"));
            }
            let operator = members.text("ComparisonOperator").unwrap_or_default();
            if !OPERATORS.contains(&operator) {
                return Err(invalid_value(
                    "The parameter ComparisonOperator is invalid.",
                ));
            }
        }
        if members
            .number("DatapointsToAlarm")
            .is_some_and(|most| Some(most) > periods)
        {
            return Err(invalid_value(
                "DatapointsToAlarm must be less than or equal to EvaluationPeriods.",
            ));
        }
        let treatment = members.text("TreatMissingData").unwrap_or("missing");
        if !["breaching", "notBreaching", "ignore", "missing"].contains(&treatment) {
            return Err(invalid_value(format!(
                "The value {treatment} is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing]."
            )));
        }
        if members.items("Metrics").is_empty() && members.member("EvaluationCriteria").is_none() {
            for name in ["MetricName", "Namespace", "Period"] {
                members.member(name).ok_or_else(|| missing(name))?;
            }
            if members
                .text("Statistic")
                .or(members.text("ExtendedStatistic"))
                .is_none()
            {
                return Err(AwsError::new(
                    "InvalidParameterCombination",
                    "One of the parameters Statistic or ExtendedStatistic must be specified.",
                ));
            }
            let period = members.number("Period").unwrap_or(0);
            if !matches!(period, 10 | 20 | 30) && (period < 60 || period % 60 != 0) {
                return Err(invalid_value(
                    "Period must be 10, 20, 30 or a multiple of 60.",
                ));
            }
            members
                .member("Threshold")
                .ok_or_else(|| missing("Threshold"))?;
            members.entry("Dimensions").or_insert_with(|| json!([]));
        }
        self.put_alarm(call, members, false);
        Ok(json!({}))
    }

    pub(super) fn put_composite_alarm(&self, call: &Call) -> Result<Value, AwsError> {
        let members = members(call)?;
        if members.filled("AlarmRule").is_none() {
            return Err(AwsError::validation("AlarmRule must not be empty"));
        }
        self.put_alarm(call, members, true);
        Ok(json!({}))
    }

    fn put_alarm(&self, call: &Call, members: Map<String, Value>, composite: bool) {
        let now = self.aws.clock().now();
        let name = call.input.text("AlarmName").unwrap_or_default();
        let tags = crate::tags::given(&call.input);
        let key = call.scope.key(name);
        let (alarm, made) = self.alarms.edit(&key, |alarm| {
            let made = alarm.is_none();
            let alarm = alarm.get_or_insert_with(|| Alarm {
                name: name.to_owned(),
                scope: call.scope.clone(),
                composite,
                members: Map::new(),
                tags,
                configured: now,
                state: "INSUFFICIENT_DATA".to_owned(),
                reason: "Unchecked: Initial alarm creation".to_owned(),
                reason_data: None,
                changed: now,
            });
            // The state stays; the next look at the metric tells.
            alarm.members = members;
            alarm.configured = now;
            (alarm.clone(), made)
        });
        let what = if made { "created" } else { "updated" };
        let data = json!({ "version": "1.0", "type": if made { "Create" } else { "Update" } });
        let summary = format!("Alarm \"{name}\" {what}");
        self.record(&alarm, "ConfigurationUpdate", summary, data);
        self.look_soon(&key, now);
    }

    pub(super) fn delete_alarms(&self, call: &Call) -> Result<Value, AwsError> {
        let names = call.input.texts("AlarmNames");
        for name in &names {
            if !self.alarms.contains(&call.scope.key(name)) {
                return Err(not_found(format!("Alarm {name} does not exist")));
            }
        }
        for name in names {
            self.alarms.remove(&call.scope.key(&name));
        }
        Ok(json!({}))
    }
}

/// What an alarm keeps of a call.
fn members(call: &Call) -> Result<Map<String, Value>, AwsError> {
    let name = call.input.filled("AlarmName");
    if name.is_none_or(|name| name.len() > 255) {
        return Err(AwsError::validation(
            "1 validation error detected: Value at 'alarmName' failed to satisfy constraint: Member must have length between 1 and 255",
        ));
    }
    let given = call.input.as_object().cloned().unwrap_or_default();
    let mut members: Map<_, _> = given
        .into_iter()
        .filter(|(name, value)| name != "Tags" && name != "AlarmName" && !value.is_null())
        .collect();
    members.entry("ActionsEnabled").or_insert(json!(true));
    for list in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
        members.entry(list).or_insert_with(|| json!([]));
    }
    Ok(members)
}
