//! SetAlarmState, EnableAlarmActions, DisableAlarmActions, and what a change of state does.

use serde_json::{Value, json};

use super::Inner;
use super::state::{Alarm, Event, invalid_value, not_found};
use crate::arn::Arn;
use crate::params::Params;
use crate::target::Delivery;
use crate::{AwsError, Call};

impl Inner {
    pub(super) fn set_alarm_state(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let key = call.scope.key(input.text("AlarmName").unwrap_or_default());
        let state = input.text("StateValue").unwrap_or_default();
        if !["OK", "ALARM", "INSUFFICIENT_DATA"].contains(&state) {
            return Err(invalid_value(format!("Invalid StateValue {state}")));
        }
        let data = input.text("StateReasonData");
        if data.is_some_and(|data| serde_json::from_str::<Value>(data).is_err()) {
            return Err(AwsError::new(
                "InvalidFormat",
                "StateReasonData is not valid JSON",
            ));
        }
        if !self.alarms.contains(&key) {
            return Err(not_found("Alarm does not exist"));
        }
        let reason = input.text("StateReason").unwrap_or_default();
        self.change(&key, state, reason, data.map(str::to_owned));
        // The next look at the metric may set it back, as on AWS.
        self.look_soon(&key, self.aws.clock().now());
        Ok(json!({}))
    }

    pub(super) fn enable_actions(&self, call: &Call, enabled: bool) -> Result<Value, AwsError> {
        for name in call.input.texts("AlarmNames") {
            self.alarms.update(&call.scope.key(&name), |alarm| {
                alarm
                    .members
                    .insert("ActionsEnabled".to_owned(), json!(enabled));
            });
        }
        Ok(json!({}))
    }

    /// Sets a state, and when it is another one than before, acts.
    pub(super) fn change(&self, key: &str, state: &str, reason: &str, data: Option<String>) {
        let now = self.aws.clock().now();
        let changed = self.alarms.update(key, |alarm| {
            let before = std::mem::replace(&mut alarm.state, state.to_owned());
            reason.clone_into(&mut alarm.reason);
            alarm.reason_data = data;
            alarm.changed = now;
            (before, alarm.clone())
        });
        let Some((before, alarm)) = changed.filter(|(before, _)| before != state) else {
            return;
        };
        let history = json!({
            "version": "1.0",
            "oldState": { "stateValue": before },
            "newState": { "stateValue": state, "stateReason": reason },
        });
        let summary = format!("Alarm updated from {before} to {state}");
        self.record(&alarm, "StateUpdate", summary, history);
        self.tell_event_bridge(&alarm, &before);
        if !alarm.members.flag("ActionsEnabled") {
            return;
        }
        let list = match state {
            "OK" => "OKActions",
            "ALARM" => "AlarmActions",
            _ => "InsufficientDataActions",
        };
        for action in alarm.members.texts(list) {
            self.act(&alarm, &before, &action);
        }
    }

    fn act(&self, alarm: &Alarm, before: &str, action: &str) {
        let service = Arn::parse(action).map(|arn| arn.service);
        if !matches!(service, Some("sns" | "lambda")) {
            tracing::warn!(action, "alarm action not built");
            return;
        }
        let summary = format!("Successfully executed action {action}");
        self.record(
            alarm,
            "Action",
            summary,
            json!({ "actionState": "Succeeded" }),
        );
        let message = match service {
            Some("sns") => notification(alarm, before),
            _ => lambda_event(alarm, before),
        };
        let subject = format!(
            "{}: \"{}\" in {}",
            alarm.state, alarm.name, alarm.scope.region
        );
        let delivery = Delivery {
            home: alarm.scope.clone(),
            arn: action.to_owned(),
            text: message.to_string(),
            group: None,
            ecs: None,
            at: alarm.changed,
        };
        let aws = self.aws.clone();
        let to_topic = service == Some("sns");
        self.aws.spawn(async move {
            if !to_topic {
                delivery.insist(&aws, 2, None).await;
                return;
            }
            let topic = Arn::parse(&delivery.arn).map(|arn| arn.scope(&delivery.home));
            let scope = topic.as_ref().unwrap_or(&delivery.home);
            let subject: String = subject.chars().take(100).collect();
            let input =
                json!({ "TopicArn": delivery.arn, "Subject": subject, "Message": delivery.text });
            if let Err(error) = aws.call(scope, "sns", "Publish", input).await {
                tracing::warn!(topic = delivery.arn, %error, "alarm not sent");
            }
        });
    }

    fn tell_event_bridge(&self, alarm: &Alarm, before: &str) {
        let detail = json!({
            "alarmName": alarm.name,
            "state": {
                "value": alarm.state,
                "reason": alarm.reason,
                "timestamp": time(alarm.changed),
            },
            "previousState": { "value": before },
            "configuration": { "description": alarm.members.get("AlarmDescription") },
        });
        let entry = json!({
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Resources": [alarm.arn()],
            "Detail": detail.to_string(),
        });
        let (aws, scope) = (self.aws.clone(), alarm.scope.clone());
        self.aws.spawn(async move {
            let input = json!({ "Entries": [entry] });
            let put = aws.call_as("service:cloudwatch", &scope, "events", "PutEvents", input);
            if let Err(error) = put.await {
                tracing::warn!(%error, "alarm state change not published");
            }
        });
    }

    /// Writes into an alarm's history.
    pub(super) fn record(&self, alarm: &Alarm, kind: &str, summary: String, data: Value) {
        let now = self.aws.clock().now();
        let event = Event {
            alarm: alarm.name.clone(),
            composite: alarm.composite,
            at: now,
            kind: kind.to_owned(),
            summary,
            data: data.to_string(),
        };
        let id = self.history.len();
        let millisecond = now.as_millisecond();
        let key = alarm.scope.key(&format!("{millisecond:020}/{id:010}"));
        self.history.put(&key, event);
    }
}

/// CloudWatch writes times so in messages.
fn time(at: jiff::Timestamp) -> String {
    format!("{at:.3}").replace('Z', "+0000")
}

/// The message that a topic gets.
fn notification(alarm: &Alarm, before: &str) -> Value {
    let members = &alarm.members;
    let dimensions = members.items("Dimensions").iter();
    let dimensions: Vec<_> = dimensions
        .map(|one| json!({ "value": one.get("Value"), "name": one.get("Name") }))
        .collect();
    let statistic = members.text("Statistic").map(str::to_uppercase);
    let trigger = json!({
        "MetricName": members.get("MetricName"),
        "Namespace": members.get("Namespace"),
        "StatisticType": "Statistic",
        "Statistic": statistic.map(|name| name.replace("SAMPLECOUNT", "SAMPLE_COUNT")),
        "Unit": members.get("Unit"),
        "Dimensions": dimensions,
        "Period": members.get("Period"),
        "EvaluationPeriods": members.get("EvaluationPeriods"),
        "DatapointsToAlarm": members.get("DatapointsToAlarm"),
        "ComparisonOperator": members.get("ComparisonOperator"),
        "Threshold": members.get("Threshold"),
        "TreatMissingData": members.text("TreatMissingData").unwrap_or("missing"),
        "EvaluateLowSampleCountPercentile": "",
    });
    json!({
        "AlarmName": alarm.name,
        "AlarmDescription": members.get("AlarmDescription"),
        "AWSAccountId": alarm.scope.account,
        "AlarmConfigurationUpdatedTimestamp": time(alarm.configured),
        "NewStateValue": alarm.state,
        "NewStateReason": alarm.reason,
        "StateChangeTime": time(alarm.changed),
        "Region": alarm.scope.region,
        "AlarmArn": alarm.arn(),
        "OldStateValue": before,
        "OKActions": members.get("OKActions"),
        "AlarmActions": members.get("AlarmActions"),
        "InsufficientDataActions": members.get("InsufficientDataActions"),
        "Trigger": trigger,
    })
}

/// The event that a function is invoked with.
fn lambda_event(alarm: &Alarm, before: &str) -> Value {
    json!({
        "source": "aws.cloudwatch",
        "alarmArn": alarm.arn(),
        "accountId": alarm.scope.account,
        "time": time(alarm.changed),
        "region": alarm.scope.region,
        "alarmData": {
            "alarmName": alarm.name,
            "state": {
                "value": alarm.state,
                "reason": alarm.reason,
                "timestamp": time(alarm.changed),
            },
            "previousState": { "value": before },
            "configuration": { "description": alarm.members.get("AlarmDescription") },
        },
    })
}
