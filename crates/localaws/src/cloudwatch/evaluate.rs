//! Looking at alarms' metrics, when there is something to see.
//!
//! An alarm is looked at in the minute after data came, and every minute until the data is older
//! than what it looks at; then nothing changes any more and it is left alone.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Inner;
use super::state::{Alarm, Point};
use crate::params::Params;

impl Inner {
    /// Looks at alarms for ever.
    pub(super) async fn keep_alarms(&self) {
        let now = self.aws.clock().now();
        for (key, _) in self.alarms.scan("") {
            self.look_soon(&key, now);
        }
        loop {
            let first = {
                let due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
                due.values().min().copied()
            };
            let clock = self.aws.clock();
            tokio::select! {
                () = self.due_changed.notified() => {}
                () = clock.sleep_until_background(first.unwrap_or(Timestamp::MAX)), if first.is_some() => {
                    self.look();
                }
            }
        }
    }

    /// Data came for a metric.
    pub(super) fn watch(&self, metric: &str, now: Timestamp) {
        let mut watching = Vec::new();
        self.alarms.walk("", "", |key, alarm| {
            if alarm.metric().as_deref() == Some(metric) {
                watching.push(key.to_owned());
            }
            true
        });
        for key in watching {
            self.look_soon(&key, now);
        }
    }

    /// An alarm must be looked at when the minute is over.
    pub(super) fn look_soon(&self, key: &str, now: Timestamp) {
        let step = self.alarms.with(key, step).unwrap_or(60);
        let next = (now.as_second().div_euclid(step) + 1) * step;
        let next = Timestamp::from_second(next).unwrap_or(now);
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.insert(key.to_owned(), next);
        drop(due);
        self.due_changed.notify_one();
    }

    fn look(&self) {
        let now = self.aws.clock().now();
        let keys: Vec<_> = {
            let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
            due.extract_if(.., |_, at| *at <= now)
                .map(|(key, _)| key)
                .collect()
        };
        for key in keys {
            let Some(alarm) = self.alarms.get(&key) else {
                continue;
            };
            let Some(metric) = alarm.metric().filter(|_| !alarm.composite) else {
                continue;
            };
            let points = self.metrics.with(&metric, |metric| metric.points.clone());
            let verdict = judge(&alarm, &points.unwrap_or_default(), now);
            if let Some((state, reason)) = verdict.state
                && state != alarm.state
            {
                let threshold = alarm.members.get("Threshold");
                let data = json!({ "version": "1.0", "queryDate": now, "threshold": threshold });
                self.change(&key, state, &reason, Some(data.to_string()));
            }
            if verdict.saw_data {
                self.look_soon(&key, now);
            }
        }
    }
}

/// How often, in seconds, an alarm is looked at.
fn step(alarm: &Alarm) -> i64 {
    alarm.members.number("Period").unwrap_or(60).clamp(10, 60)
}

struct Verdict {
    /// `None` where the state stays as it is.
    state: Option<(&'static str, String)>,
    saw_data: bool,
}

/// What the last periods say, after "Evaluating an alarm" in the CloudWatch user guide.
fn judge(alarm: &Alarm, points: &[Point], now: Timestamp) -> Verdict {
    let members = &alarm.members;
    let statistic = members.text("Statistic").unwrap_or_default();
    let period = members.number("Period").unwrap_or(60);
    let periods = members.number("EvaluationPeriods").unwrap_or(1);
    let needed = members.number("DatapointsToAlarm").unwrap_or(periods);
    let threshold = members.get("Threshold").and_then(serde_json::Value::as_f64);
    let operator = members.text("ComparisonOperator").unwrap_or_default();
    let unknown = Verdict {
        state: None,
        saw_data: false,
    };
    let Some(threshold) = threshold else {
        return unknown;
    };
    let step = step(alarm);
    let end = now.as_second().div_euclid(step) * step;
    let (mut present, mut breaching) = (Vec::new(), 0);
    for turn in 0..periods {
        let to = end - turn * period;
        let within = points
            .iter()
            .filter(|point| (to - period..to).contains(&point.at.as_second()));
        let total = within.copied().reduce(|mut all, one| {
            all.merge(&one);
            all
        });
        let Some(total) = total else { continue };
        let Some(value) = total.statistic(statistic) else {
            return unknown;
        };
        let breaches = match operator {
            "GreaterThanThreshold" => value > threshold,
            "GreaterThanOrEqualToThreshold" => value >= threshold,
            "LessThanThreshold" => value < threshold,
            "LessThanOrEqualToThreshold" => value <= threshold,
            _ => return unknown,
        };
        breaching += i64::from(breaches);
        present.push(value);
    }
    let found = i64::try_from(present.len()).unwrap_or(0);
    let missing = periods - found;
    let treatment = members.text("TreatMissingData").unwrap_or("missing");
    if treatment == "breaching" {
        breaching += missing;
    }
    let state = match treatment {
        _ if breaching >= needed => Some("ALARM"),
        "ignore" if found < needed => None,
        "missing" if found == 0 => Some("INSUFFICIENT_DATA"),
        _ => Some("OK"),
    };
    let age = |point: &Point| now.duration_since(point.at);
    let horizon = SignedDuration::from_secs((periods + 1) * period + step);
    let saw_data = points.last().is_some_and(|last| age(last) <= horizon);
    let reason = reason(
        state.unwrap_or_default(),
        &present,
        threshold,
        operator,
        missing,
    );
    Verdict {
        state: state.map(|state| (state, reason)),
        saw_data,
    }
}

fn reason(state: &str, present: &[f64], threshold: f64, operator: &str, missing: i64) -> String {
    if present.is_empty() {
        return match state {
            "INSUFFICIENT_DATA" => format!(
                "Insufficient Data: {missing} datapoint{} unknown.",
                if missing == 1 { " was" } else { "s were" }
            ),
            "ALARM" => "Threshold Crossed: no datapoints were received and missing data is treated as [Breaching].".to_owned(),
            _ => "Threshold Crossed: no datapoints were received and missing data is treated as [NonBreaching].".to_owned(),
        };
    }
    let relation = match operator {
        "GreaterThanThreshold" => "greater than",
        "GreaterThanOrEqualToThreshold" => "greater than or equal to",
        "LessThanThreshold" => "less than",
        _ => "less than or equal to",
    };
    let values: Vec<_> = present.iter().map(|value| format!("{value:?}")).collect();
    let (count, values) = (present.len(), values.join(", "));
    let (noun, verb) = if count == 1 {
        ("datapoint", "was")
    } else {
        ("datapoints", "were")
    };
    let not = if state == "ALARM" { "" } else { " not" };
    format!(
        "Threshold Crossed: {count} {noun} [{values}] {verb}{not} {relation} the threshold ({threshold:?})."
    )
}
