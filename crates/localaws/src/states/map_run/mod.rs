//! Distributed Map: map runs, their children, where items come from and results go.

mod csv;
mod item_reader;
mod result_writer;
mod s3;

use std::sync::Arc;

use asl::{ChildResult, Kind, MapRunId, Signal, StartMapRun};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Store, Table};

use super::execution::{Execution, Parent, Status};
use super::runner::Running;
use super::{States, arn, errors};

/// A map run as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MapRun {
    pub arn: String,
    pub execution_arn: String,
    /// `…:stateMachine:<machine>/<label>`.
    machine_arn: String,
    /// JSON pointer of the Map state.
    pointer: String,
    label: String,
    kind: Kind,
    status: String,
    started: Timestamp,
    stopped: Option<Timestamp>,
    max_concurrency: u64,
    tolerated_failure_count: u64,
    tolerated_failure_percentage: f64,
    executions: Counts,
    items: Counts,
}

/// How many executions or items are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    started: u64,
    succeeded: u64,
    failed: u64,
    timed_out: u64,
    aborted: u64,
    written: u64,
}

impl Counts {
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
            "pending": 0,
            "running": self.started.saturating_sub(self.done()),
            "succeeded": self.succeeded,
            "failed": self.failed,
            "timedOut": self.timed_out,
            "aborted": self.aborted,
            "total": self.started,
            "resultsWritten": self.written,
        })
    }
}

impl MapRun {
    /// The entry of `ListMapRuns`.
    pub(super) fn summary(&self) -> Value {
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
    pub(super) fn describe(&self) -> Value {
        let mut out = self.summary();
        if let Some(members) = out.as_object_mut() {
            members.shift_remove("stateMachineArn");
        }
        out["status"] = self.status.as_str().into();
        out["maxConcurrency"] = self.max_concurrency.into();
        out["toleratedFailureCount"] = self.tolerated_failure_count.into();
        out["toleratedFailurePercentage"] = self.tolerated_failure_percentage.into();
        out["itemCounts"] = self.items.describe();
        out["executionCounts"] = self.executions.describe();
        out
    }
}

/// All map runs.
#[derive(Debug)]
pub(super) struct MapRuns {
    rows: Table<MapRun>,
}

impl MapRuns {
    pub(super) fn open(store: &Store) -> Self {
        Self {
            rows: store.table("states.map_runs"),
        }
    }

    pub(super) fn get(&self, arn: &str) -> Result<MapRun, AwsError> {
        let found = self.rows.get(arn);
        found.ok_or_else(|| errors::no_such_resource(arn))
    }

    /// The map runs of an execution, newest first.
    pub(super) fn of_execution(&self, execution_arn: &str) -> Vec<MapRun> {
        let all = self.rows.scan("").into_iter().map(|(_, row)| row);
        let mut own: Vec<MapRun> = all
            .filter(|row| row.execution_arn == execution_arn)
            .collect();
        own.sort_by_key(|row| std::cmp::Reverse(row.started));
        own
    }

    pub(super) fn forget(&self, arn: &str) {
        self.rows.remove(arn);
    }

    fn child_started(&self, arn: &str, items: u64) {
        self.rows.update(arn, |row| {
            row.executions.started += 1;
            row.items.started += items;
        });
    }

    /// Counts a child that ended.
    pub(super) fn child_ended(&self, parent: &Parent, status: Status) {
        self.rows.update(&parent.map_run_arn, |row| {
            row.executions.ended(status, 1);
            row.items.ended(status, parent.items);
        });
    }
}

impl States {
    /// Begins a map run.
    pub(super) fn start_map_run(self: &Arc<Self>, running: &Arc<Running>, asked: StartMapRun) {
        let row = MapRun {
            arn: asked.arn.clone(),
            execution_arn: running.arn.clone(),
            machine_arn: format!("{}/{}", running.machine_arn, asked.label),
            pointer: asked.pointer.clone(),
            label: asked.label.clone(),
            kind: asked.kind,
            status: "RUNNING".to_owned(),
            started: self.aws.clock().now(),
            stopped: None,
            max_concurrency: asked.max_concurrency,
            tolerated_failure_count: asked.tolerated_failure_count,
            tolerated_failure_percentage: asked.tolerated_failure_percentage,
            executions: Counts::default(),
            items: Counts::default(),
        };
        self.map_runs.rows.insert(&asked.arn, row);
        self.resume_map_run(running, asked, false);
    }

    /// Goes on with a map run that was begun before.
    pub(super) fn resume_map_run(
        self: &Arc<Self>,
        running: &Arc<Running>,
        asked: StartMapRun,
        items_read: bool,
    ) {
        {
            let mut state = running.lock();
            for child in self.executions.newest(&asked.arn) {
                let index = self
                    .executions
                    .rows()
                    .with(&child, |row| row.parent.as_ref().map(|parent| parent.index));
                if let Some(index) = index.flatten() {
                    state.children.insert((asked.map_run, index), child.into());
                }
            }
            state.map_runs.insert(asked.map_run, asked.arn.into());
        }
        let Some(reader) = asked.reader.filter(|_| !items_read) else {
            return;
        };
        let (states, running) = (Arc::clone(self), Arc::clone(running));
        self.aws.spawn(async move {
            let items = item_reader::read(&states, &running, &reader).await;
            let map_run = asked.map_run;
            states.tell(&running, Signal::ItemsRead { map_run, items });
        });
    }

    fn map_run_of(&self, running: &Running, map_run: MapRunId) -> Option<MapRun> {
        let arn = running.lock().map_runs.get(&map_run).cloned()?;
        self.map_runs.rows.get(&arn)
    }

    /// Starts a child, or finds the one that was started before the process was killed.
    pub(super) fn start_child(
        self: &Arc<Self>,
        running: &Arc<Running>,
        map_run: MapRunId,
        index: u64,
        input: String,
        map_item: Value,
    ) {
        let Some(row) = self.map_run_of(running, map_run) else {
            return;
        };
        let before = running.lock().children.get(&(map_run, index)).cloned();
        if let Some(before) = before {
            let outcome = self.executions.rows().with(&before, Execution::outcome);
            if let Some(outcome) = outcome.flatten() {
                let finished = Signal::ChildFinished {
                    map_run,
                    index,
                    outcome,
                };
                self.tell(running, finished);
            }
            return;
        }
        let name = self.aws.ids().uuid();
        let machine_name = running.lock().row.machine_name.clone();
        let of = format!("{machine_name}/{}", row.label);
        let items = items_in(&input, &map_item);
        let revision = running.lock().row.revision.clone();
        let child = Execution {
            arn: match row.kind {
                Kind::Standard => arn::execution(&running.scope, &of, &name),
                Kind::Express => arn::express(&running.scope, &of, &name, &self.aws.ids().uuid()),
            },
            name,
            machine_arn: running.machine_arn.clone(),
            machine_name,
            version_arn: None,
            alias_arn: None,
            revision,
            kind: row.kind,
            role_arn: running.role_arn.clone(),
            input,
            trace_header: None,
            started: self.aws.clock().now(),
            order: self.next_order(),
            seed: self.aws.ids().u64(),
            status: Status::Running,
            stopped: None,
            output: None,
            error: None,
            cause: None,
            events: 0,
            parent: Some(Parent {
                execution_arn: running.arn.clone(),
                map_run_arn: row.arn.clone(),
                map_run,
                index,
                map_item,
                pointer: row.pointer,
                label: row.label,
                items,
            }),
        };
        self.map_runs.child_started(&row.arn, items);
        let child_arn = child.arn.clone();
        match self.launch(child) {
            Ok(_) => {
                let children = &mut running.lock().children;
                children.insert((map_run, index), child_arn.into());
            }
            Err(error) => {
                let outcome = asl::Outcome::Failed {
                    error: Some("States.Runtime".to_owned()),
                    cause: Some(error.message),
                };
                let finished = Signal::ChildFinished {
                    map_run,
                    index,
                    outcome,
                };
                self.tell(running, finished);
            }
        }
    }

    /// Stops a child that still runs.
    pub(super) fn stop_child(self: &Arc<Self>, running: &Running, map_run: MapRunId, index: u64) {
        let child = running.lock().children.get(&(map_run, index)).cloned();
        if let Some(child) = child {
            self.stop(&child);
        }
    }

    /// Writes the results of a map run to S3.
    pub(super) fn write_results(
        self: &Arc<Self>,
        running: &Arc<Running>,
        map_run: MapRunId,
        writer: Value,
        children: Vec<ChildResult>,
    ) {
        let Some(row) = self.map_run_of(running, map_run) else {
            return;
        };
        let (states, running) = (Arc::clone(self), Arc::clone(running));
        self.aws.spawn(async move {
            let output = result_writer::write(&states, &running, &row, &writer, &children).await;
            states.tell(&running, Signal::ResultsWritten { map_run, output });
        });
    }

    /// Notes the end of a map run.
    pub(super) fn end_map_run(&self, running: &Running, map_run: MapRunId, status: &str) {
        let now = self.aws.clock().now();
        let Some(arn) = running.lock().map_runs.get(&map_run).cloned() else {
            return;
        };
        self.map_runs.rows.update(&arn, |row| {
            if row.stopped.is_none() {
                row.stopped = Some(now);
                row.status = status.to_owned();
                row.executions.written = row.executions.done();
                row.items.written = row.items.done();
            }
        });
        let express = self
            .map_runs
            .rows
            .with(&arn, |row| row.kind == Kind::Express);
        if express == Some(true) {
            self.executions.forget(&arn);
        }
    }
}

/// How many items a child was given: those of its batch, else one.
fn items_in(input: &str, map_item: &Value) -> u64 {
    if map_item.get("Item").is_some() {
        return 1;
    }
    let input: Value = serde_json::from_str(input).unwrap_or_default();
    let items = input.get("Items").and_then(Value::as_array);
    items.map_or(1, |items| items.len() as u64)
}
