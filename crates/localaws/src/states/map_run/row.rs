//! Map runs as they are stored, with their counts.

use asl::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Store, Table};

use super::super::errors;
use super::super::execution::{Parent, Status};

/// A map run as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::states) struct MapRun {
    pub arn: String,
    pub execution_arn: String,
    /// `…:stateMachine:<machine>/<label>`.
    pub(super) machine_arn: String,
    /// JSON pointer of the Map state.
    pub(super) pointer: String,
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) status: String,
    pub(super) started: Timestamp,
    pub(super) stopped: Option<Timestamp>,
    pub(super) max_concurrency: u64,
    pub(super) tolerated_failure_count: u64,
    pub(super) tolerated_failure_percentage: f64,
    pub(super) executions: Counts,
    pub(super) items: Counts,
    #[serde(default)]
    pub(super) redrives: u64,
    #[serde(default)]
    pub(super) redriven: Option<Timestamp>,
}

/// How many executions or items are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    started: u64,
    succeeded: u64,
    failed: u64,
    timed_out: u64,
    aborted: u64,
    written: u64,
    /// Those that wait to be redriven.
    #[serde(default)]
    pending_redrive: u64,
    /// All that there will be, once that is known.
    #[serde(default)]
    total: u64,
}

impl Counts {
    /// Those that did not succeed are about to run again.
    fn redriven(&mut self) {
        self.pending_redrive += self.failed + self.timed_out + self.aborted;
        (self.failed, self.timed_out, self.aborted) = (0, 0, 0);
    }

    fn ended(&mut self, status: Status, count: u64) {
        let counter = match status {
            Status::Succeeded => &mut self.succeeded,
            Status::Failed => &mut self.failed,
            Status::TimedOut => &mut self.timed_out,
            Status::Aborted => &mut self.aborted,
            Status::Running => return,
        };
        *counter += count;
    }

    fn done(&self) -> u64 {
        self.succeeded + self.failed + self.timed_out + self.aborted
    }

    fn describe(&self) -> Value {
        json!({
            "pending": self.total.saturating_sub(self.started),
            "running": self.started.saturating_sub(self.done() + self.pending_redrive),
            "succeeded": self.succeeded,
            "failed": self.failed,
            "timedOut": self.timed_out,
            "aborted": self.aborted,
            "total": self.total.max(self.started),
            "resultsWritten": self.written,
            "failuresNotRedrivable": 0,
            "pendingRedrive": self.pending_redrive,
        })
    }
}

impl MapRun {
    pub(in crate::states) fn is_running(&self) -> bool {
        self.status == "RUNNING"
    }

    /// The entry of `ListMapRuns`.
    pub(in crate::states) fn summary(&self) -> Value {
        let mut out = json!({
            "executionArn": self.execution_arn,
            "mapRunArn": self.arn,
            "stateMachineArn": self.machine_arn,
            "startDate": self.started.to_string(),
        });
        if let Some(stopped) = self.stopped {
            out["stopDate"] = stopped.to_string().into();
        }
        out
    }

    /// The answer of `DescribeMapRun`.
    pub(in crate::states) fn describe(&self) -> Value {
        let mut out = self.summary();
        if let Some(members) = out.as_object_mut() {
            members.shift_remove("stateMachineArn");
        }
        out["status"] = self.status.as_str().into();
        out["maxConcurrency"] = self.max_concurrency.into();
        out["toleratedFailureCount"] = self.tolerated_failure_count.into();
        out["toleratedFailurePercentage"] = self.tolerated_failure_percentage.into();
        out["redriveCount"] = self.redrives.into();
        if let Some(redriven) = self.redriven {
            out["redriveDate"] = redriven.to_string().into();
        }
        out["itemCounts"] = self.items.describe();
        out["executionCounts"] = self.executions.describe();
        out
    }
}

/// All map runs.
#[derive(Debug)]
pub(in crate::states) struct MapRuns {
    rows: Table<MapRun>,
}

impl MapRuns {
    pub(in crate::states) fn open(store: &Store) -> Self {
        Self {
            rows: store.table("states.map_runs"),
        }
    }

    pub(in crate::states) fn get(&self, arn: &str) -> Result<MapRun, AwsError> {
        let found = self.rows.get(arn);
        found.ok_or_else(|| errors::no_such_resource(arn))
    }

    /// The map runs of an execution, newest first.
    pub(in crate::states) fn of_execution(&self, execution_arn: &str) -> Vec<MapRun> {
        let all = self.rows.scan("").into_iter().map(|(_, row)| row);
        let mut own: Vec<MapRun> = all
            .filter(|row| row.execution_arn == execution_arn)
            .collect();
        own.sort_by_key(|row| std::cmp::Reverse(row.started));
        own
    }

    /// Adds a map run, unless it was begun before the process was killed.
    pub(super) fn begin(&self, row: MapRun) {
        let arn = row.arn.clone();
        self.rows.insert(&arn, row);
    }

    /// Notes how many children and items a map run has.
    pub(super) fn sized(&self, arn: &str, children: u64, items: u64) {
        self.rows.update(arn, |row| {
            row.executions.total = children;
            row.items.total = items;
        });
    }

    /// Notes that a map run goes on for another time.
    pub(super) fn redriven(&self, arn: &str, count: u64, now: Timestamp) {
        self.rows.update(arn, |row| {
            if row.redrives == count {
                return;
            }
            row.redrives = count;
            row.redriven = Some(now);
            row.status = "RUNNING".to_owned();
            row.stopped = None;
            row.executions.redriven();
            row.items.redriven();
        });
    }

    /// Notes that a child runs again.
    pub(in crate::states) fn child_redriven(&self, arn: &str, items: u64) {
        self.rows.update(arn, |row| {
            let fewer = |count: &mut u64, by| *count = count.saturating_sub(by);
            fewer(&mut row.executions.pending_redrive, 1);
            fewer(&mut row.items.pending_redrive, items);
        });
    }

    /// Takes in what `UpdateMapRun` changes.
    pub(in crate::states) fn updated(
        &self,
        arn: &str,
        max_concurrency: Option<u64>,
        tolerated_failure_count: Option<u64>,
        tolerated_failure_percentage: Option<f64>,
    ) {
        self.rows.update(arn, |row| {
            let count = tolerated_failure_count.unwrap_or(row.tolerated_failure_count);
            let percentage = tolerated_failure_percentage;
            row.max_concurrency = max_concurrency.unwrap_or(row.max_concurrency);
            row.tolerated_failure_count = count;
            row.tolerated_failure_percentage =
                percentage.unwrap_or(row.tolerated_failure_percentage);
        });
    }

    /// Notes the end of a map run and returns the type of its children.
    pub(super) fn end(&self, arn: &str, status: &str, now: Timestamp) -> Option<Kind> {
        self.rows.update(arn, |row| {
            if row.stopped.is_none() {
                row.stopped = Some(now);
                row.status = status.to_owned();
                for counts in [&mut row.executions, &mut row.items] {
                    // What waited for a redrive in vain is what it was before.
                    counts.failed += std::mem::take(&mut counts.pending_redrive);
                }
                row.executions.written = row.executions.done();
                row.items.written = row.items.done();
            }
            row.kind
        })
    }

    pub(in crate::states) fn forget(&self, arn: &str) {
        self.rows.remove(arn);
    }

    pub(super) fn child_started(&self, arn: &str, items: u64) {
        self.rows.update(arn, |row| {
            row.executions.started += 1;
            row.items.started += items;
        });
    }

    /// Counts a child that ended.
    pub(in crate::states) fn child_ended(&self, parent: &Parent, status: Status) {
        self.rows.update(&parent.map_run_arn, |row| {
            row.executions.ended(status, 1);
            row.items.ended(status, parent.items);
        });
    }
}
