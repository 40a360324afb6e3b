//! Distributed Map: map runs, their children, where items come from and results go.

mod csv;
mod item_reader;
mod result_writer;
mod row;
mod s3;

use std::sync::Arc;

use asl::{ChildResult, Kind, MapRunId, Signal, StartMapRun};
use serde_json::Value;

use super::execution::{Execution, Parent, Status};
use super::runner::Running;
use super::{States, arn};
pub(super) use row::MapRuns;
use row::{Counts, MapRun};

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
        self.map_runs.begin(row);
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
        self.map_runs.get(&arn).ok()
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
        if self.map_runs.end(&arn, status, now) == Some(Kind::Express) {
            self.executions.forget(&arn);
        }
    }
}

/// How many items a child was given: those of its batch, else one.
fn items_in(input: &str, map_item: &Value) -> u64 {
    if map_item.pointer("/Item/Value").is_some() {
        return 1;
    }
    let input: Value = serde_json::from_str(input).unwrap_or_default();
    let items = input.get("Items").and_then(Value::as_array);
    items.map_or(1, |items| items.len() as u64)
}
