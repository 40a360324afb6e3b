//! The figures of namespace `AWS/States` by state machine, for alarms and dashboards.

use serde_json::{Value, json};

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
    fn put(&self, running: &Running, row: &Execution, figures: &[(&str, i64, &str)]) {
        if row.parent.is_some() {
            return;
        }
        let time = row.stopped.unwrap_or(row.started).to_string();
        let data = figures.iter().map(|(name, value, unit)| {
            json!({
                "MetricName": name,
                "Dimensions": [{ "Name": "StateMachineArn", "Value": row.machine_arn }],
                "Timestamp": time,
                "Value": value,
                "Unit": unit,
            })
        });
        let input = json!({ "Namespace": "AWS/States", "MetricData": data.collect::<Value>() });
        self.deliveries
            .push(&running.scope, "cloudwatch", "PutMetricData", input);
    }
}
