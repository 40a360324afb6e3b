//! The figures of namespace `AWS/States` by state machine, for alarms and dashboards.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Delivery;
use crate::Scope;
use crate::states::States;
use crate::states::execution::{Execution, Status};
use crate::states::runner::Running;

impl States {
    pub(super) fn count_start(&self, running: &Running, row: &Execution) {
        self.put(running, row, &[("ExecutionsStarted", 1, "Count")]);
    }

    pub(super) fn count_redrive(&self, running: &Running, row: &Execution) {
        self.put(running, row, &[("ExecutionsRedriven", 1, "Count")]);
    }

    pub(super) fn count_end(&self, running: &Running, row: &Execution) {
        let name = match row.status {
            Status::Succeeded => "ExecutionsSucceeded",
            Status::Failed => "ExecutionsFailed",
            Status::TimedOut => "ExecutionsTimedOut",
            Status::Aborted => "ExecutionsAborted",
            Status::Running => return,
        };
        let stopped = row.stopped.unwrap_or(row.started);
        let time = stopped.as_millisecond() - row.started.as_millisecond();
        let figures = [(name, 1, "Count"), ("ExecutionTime", time, "Milliseconds")];
        self.put(running, row, &figures);
    }

    /// The children of map runs are not counted, as their state machine is not one to alarm on.
    fn put(
        &self,
        running: &Running,
        row: &Execution,
        figures: &[(&'static str, i64, &'static str)],
    ) {
        // Nor are states that are tested by themselves, which have no state machine.
        if row.parent.is_some() || row.revision.is_empty() {
            return;
        }
        let at = row.stopped.unwrap_or(row.started);
        for (name, value, unit) in figures {
            self.deliveries.send(Delivery::Figure(Figure {
                scope: running.scope(),
                machine_arn: Arc::clone(&row.machine_arn),
                name,
                unit,
                at,
                value: *value,
            }));
        }
    }
}

/// One value of one figure.
#[derive(Debug)]
pub(super) struct Figure {
    scope: Scope,
    machine_arn: Arc<str>,
    name: &'static str,
    unit: &'static str,
    at: Timestamp,
    value: i64,
}

/// Values of the same figure within a minute, which is all that CloudWatch keeps of them.
#[derive(Debug, Default)]
pub(super) struct Figures {
    sums: BTreeMap<(Arc<str>, &'static str, i64), Sum>,
}

#[derive(Debug)]
struct Sum {
    first: Figure,
    count: i64,
    sum: i64,
    minimum: i64,
    maximum: i64,
}

impl Figures {
    pub(super) fn add(&mut self, figure: Figure) {
        let minute = figure.at.as_second().div_euclid(60);
        let value = figure.value;
        let key = (Arc::clone(&figure.machine_arn), figure.name, minute);
        let sum = self.sums.entry(key).or_insert(Sum {
            first: figure,
            count: 0,
            sum: 0,
            minimum: value,
            maximum: value,
        });
        sum.count += 1;
        sum.sum += value;
        sum.minimum = sum.minimum.min(value);
        sum.maximum = sum.maximum.max(value);
    }

    /// The calls that report them, one a scope.
    pub(super) fn calls(self) -> Vec<(Scope, Value)> {
        let mut calls: Vec<(Scope, Vec<Value>)> = Vec::new();
        // A machine's ARN begins with its scope, so scopes follow each other.
        for sum in self.sums.into_values() {
            let datum = json!({
                "MetricName": sum.first.name,
                "Dimensions": [{ "Name": "StateMachineArn", "Value": sum.first.machine_arn }],
                "Timestamp": sum.first.at.to_string(),
                "StatisticValues": {
                    "SampleCount": sum.count,
                    "Sum": sum.sum,
                    "Minimum": sum.minimum,
                    "Maximum": sum.maximum,
                },
                "Unit": sum.first.unit,
            });
            match calls.last_mut() {
                Some((scope, data)) if *scope == sum.first.scope => data.push(datum),
                _ => calls.push((sum.first.scope, vec![datum])),
            }
        }
        let input = |data| json!({ "Namespace": "AWS/States", "MetricData": data });
        let calls = calls.into_iter();
        calls.map(|(scope, data)| (scope, input(data))).collect()
    }
}
