//! DescribeAlarms, DescribeAlarmsForMetric, DescribeAlarmHistory.

use serde_json::{Value, json};

use super::Inner;
use super::state::{Alarm, dimensions, invalid_value};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(super) fn describe_alarms(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let (names, types) = (input.texts("AlarmNames"), input.texts("AlarmTypes"));
        let prefix = input.text("AlarmNamePrefix").unwrap_or_default();
        if !names.is_empty() && !prefix.is_empty() {
            return Err(AwsError::new(
                "InvalidParameterCombination",
                "AlarmNamePrefix and AlarmNames are mutually exclusive",
            ));
        }
        let state = input.text("StateValue");
        let action = input.text("ActionPrefix");
        let all = self.alarms.scan(&call.scope.prefix()).into_iter();
        let wanted = all.map(|(_, alarm)| alarm).filter(|alarm| {
            // Only who asks for composite alarms sees them.
            let kind = if alarm.composite {
                "CompositeAlarm"
            } else {
                "MetricAlarm"
            };
            let of_kind = match types.is_empty() {
                true => !alarm.composite,
                false => types.iter().any(|one| one == kind),
            };
            let acts = |prefix: &str| {
                let lists = ["OKActions", "AlarmActions", "InsufficientDataActions"];
                let mut actions = lists.iter().flat_map(|list| alarm.members.texts(list));
                actions.any(|action| action.starts_with(prefix))
            };
            of_kind
                && (names.is_empty() || names.contains(&alarm.name))
                && alarm.name.starts_with(prefix)
                && state.is_none_or(|state| state == alarm.state)
                && action.is_none_or(acts)
        });
        let limit = input.number("MaxRecords").unwrap_or(50).clamp(1, 100);
        let limit = usize::try_from(limit).unwrap_or(50);
        let token = input.text("NextToken");
        let shown = page(wanted.collect(), |alarm| alarm.name.clone(), token, limit);
        let (alarms, next) = shown.ok_or_else(invalid_token)?;
        let of = |composite: bool| {
            let alarms = alarms.iter().filter(|alarm| alarm.composite == composite);
            alarms.map(show).collect::<Vec<_>>()
        };
        let mut output = json!({ "MetricAlarms": of(false), "CompositeAlarms": of(true) });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }

    pub(super) fn describe_alarms_for_metric(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let wanted = dimensions(input.items("Dimensions"));
        let all = self.alarms.scan(&call.scope.prefix());
        let found = all.iter().filter(|(_, alarm)| {
            let same = |name: &str| {
                let given = input.member(name);
                given.is_none() || given == alarm.members.member(name)
            };
            !alarm.composite
                && ["MetricName", "Namespace", "Statistic", "Period"]
                    .into_iter()
                    .all(same)
                && dimensions(alarm.members.items("Dimensions")) == wanted
        });
        let found: Vec<_> = found.map(|(_, alarm)| show(alarm)).collect();
        Ok(json!({ "MetricAlarms": found }))
    }

    pub(super) fn describe_alarm_history(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let time = |name: &str| {
            let text = input.text(name)?;
            text.parse::<jiff::Timestamp>().ok()
        };
        let (start, end) = (time("StartDate"), time("EndDate"));
        let mut events = self.history.scan(&call.scope.prefix());
        events.retain(|(_, event)| {
            input
                .text("AlarmName")
                .is_none_or(|name| name == event.alarm)
                && input
                    .text("HistoryItemType")
                    .is_none_or(|kind| kind == event.kind)
                && start.is_none_or(|start| event.at >= start)
                && end.is_none_or(|end| event.at <= end)
        });
        let limit = input.number("MaxRecords").unwrap_or(100).clamp(1, 100);
        let limit = usize::try_from(limit).unwrap_or(100);
        let ascending = input.text("ScanBy") == Some("TimestampAscending");
        if !ascending {
            events.reverse();
        }
        // Tokens count from the beginning of the order that was asked for.
        let skip = match input.text("NextToken") {
            Some(token) => token.parse().map_err(|_| invalid_token())?,
            None => 0,
        };
        let rest = events.len().saturating_sub(skip);
        let page = events.into_iter().skip(skip).take(limit);
        let shown: Vec<_> = page
            .map(|(_, event)| {
                let kind = if event.composite {
                    "CompositeAlarm"
                } else {
                    "MetricAlarm"
                };
                json!({
                    "AlarmName": event.alarm,
                    "AlarmType": kind,
                    "Timestamp": event.at,
                    "HistoryItemType": event.kind,
                    "HistorySummary": event.summary,
                    "HistoryData": event.data,
                })
            })
            .collect();
        let mut output = json!({ "AlarmHistoryItems": shown });
        if rest > limit {
            output["NextToken"] = json!((skip + limit).to_string());
        }
        Ok(output)
    }
}

fn invalid_token() -> AwsError {
    let mut error = invalid_value("The next token is invalid");
    error.code = "InvalidNextToken".to_owned();
    error
}

fn show(alarm: &Alarm) -> Value {
    let mut shown = json!({
        "AlarmName": alarm.name,
        "AlarmArn": alarm.arn(),
        "AlarmConfigurationUpdatedTimestamp": alarm.configured,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateUpdatedTimestamp": alarm.changed,
        "StateTransitionedTimestamp": alarm.changed,
    });
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(alarm.members.clone());
        if let Some(data) = &alarm.reason_data {
            shown.insert("StateReasonData".to_owned(), json!(data));
        }
    }
    shown
}
