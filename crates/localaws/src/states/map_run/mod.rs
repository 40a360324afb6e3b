//! Distributed Map: map runs, their children, where items come from and results go.

mod csv;
pub(super) mod item_format;
mod item_reader;
mod manifest;
mod result_writer;
mod row;
mod s3;

use std::sync::Arc;

use asl::{ChildResult, Kind, MapRunId, Signal, StartMapRun};
use serde_json::Value;

use super::execution::{Execution, Parent, Redrives, Status};
use super::runner::Running;
use super::{States, arn};
use crate::AwsError;
pub(super) use row::MapRuns;
use row::{Counts, MapRun};

impl States {
    /// Begins a map run.
    pub(super) fn start_map_run(self: &Arc<Self>, running: &Arc<Running>, asked: StartMapRun) {
        let row = MapRun {
            arn: asked.arn.clone(),
            execution_arn: running.arn.to_string(),
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
            redrives: 0,
            redriven: None,
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
        self.know_map_run(running, asked.map_run, &asked.arn);
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

    /// Notes a map run and the children that it has.
    pub(super) fn know_map_run(&self, running: &Running, map_run: MapRunId, arn: &str) {
        let mut state = running.lock();
        for child in self.executions.newest(arn) {
            let index = self
                .executions
                .rows()
                .with(&child, |row| row.parent.as_ref().map(|parent| parent.index));
            if let Some(index) = index.flatten() {
                // The newest of those that were started anew.
                let known = state.children.entry((map_run, index));
                known.or_insert(child);
            }
        }
        state.map_runs.insert(map_run, arn.into());
    }

    /// Notes how much a map run has to do.
    pub(super) fn size_map_run(
        &self,
        running: &Running,
        map_run: MapRunId,
        children: u64,
        items: u64,
    ) {
        if let Some(arn) = running.lock().map_runs.get(&map_run) {
            self.map_runs.sized(arn, children, items);
        }
    }

    /// Goes on with a map run that ended without success.
    pub(super) fn redrive_map_run(&self, running: &Running, map_run: MapRunId, count: u64) {
        let Some(arn) = running.lock().map_runs.get(&map_run).cloned() else {
            return;
        };
        self.know_map_run(running, map_run, &arn);
        self.map_runs.redriven(&arn, count, self.aws.clock().now());
        for child in self.executions.newest(&arn) {
            self.executions.rows().update(&child, |row| {
                let failed = !matches!(row.status, Status::Running | Status::Succeeded);
                let row = Arc::make_mut(row);
                let redrives = row.redrives.get_or_insert_default();
                redrives.pending = failed && redrives.of_map_run < count;
            });
        }
    }

    /// ARN of a map run, and how often it was redriven.
    pub(super) fn redrive_of(
        &self,
        running: &Running,
        map_run: MapRunId,
    ) -> Option<(Arc<str>, u64)> {
        let arn = running.lock().map_runs.get(&map_run).cloned()?;
        let count = self.map_runs.get(&arn).ok()?.redrives;
        Some((arn, count))
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
        let before = running.lock().children.get(&(map_run, index)).cloned();
        if let Some(before) = before {
            let outcome = self.executions.rows().with(&before, |row| row.outcome());
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
        self.launch_child(running, map_run, index, (input, map_item), 0);
    }

    /// Starts a child; `redrive` is that of the map run which starts it anew, else 0.
    pub(super) fn launch_child(
        self: &Arc<Self>,
        running: &Arc<Running>,
        map_run: MapRunId,
        index: u64,
        (input, map_item): (String, Value),
        redrive: u64,
    ) {
        let Some(row) = self.map_run_of(running, map_run) else {
            return;
        };
        let name = self.aws.ids().uuid();
        let items = items_in(&input, &map_item);
        let parent = Arc::clone(&running.lock().row);
        let of = format!("{}/{}", parent.machine_name(), row.label);
        let scope = running.scope();
        let child = Execution {
            arn: match row.kind {
                Kind::Standard => arn::execution(&scope, &of, &name),
                Kind::Express => arn::express(&scope, &of, &name, &self.aws.ids().uuid()),
            }
            .into(),
            machine_arn: Arc::clone(&parent.machine_arn),
            version_arn: None,
            alias_arn: None,
            revision: Arc::clone(&parent.revision),
            kind: row.kind,
            role_arn: Arc::clone(&parent.role_arn),
            input: input.into(),
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
            redrives: (redrive > 0).then(|| {
                Box::new(Redrives {
                    of_map_run: redrive,
                    ..Redrives::default()
                })
            }),
            parent: Some(Box::new(Parent {
                execution_arn: Arc::clone(&parent.arn),
                map_run_arn: row.arn.as_str().into(),
                map_run,
                index,
                map_item,
                pointer: row.pointer,
                label: row.label,
                items,
            })),
        };
        if redrive == 0 {
            self.map_runs.child_started(&row.arn, items);
        } else {
            self.map_runs.child_redriven(&row.arn, items);
        }
        let child_arn = Arc::clone(&child.arn);
        match self.launch(child) {
            Ok(_) => {
                let children = &mut running.lock().children;
                children.insert((map_run, index), child_arn);
            }
            Err(error) => self.child_lost(running, map_run, index, error),
        }
    }

    /// A child could not be started.
    pub(super) fn child_lost(
        self: &Arc<Self>,
        running: &Arc<Running>,
        map_run: MapRunId,
        index: u64,
        error: AwsError,
    ) {
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
        for child in self.executions.newest(&arn) {
            let rows = self.executions.rows();
            if rows.with(&child, |row| row.redrives().pending) == Some(true) {
                rows.update(&child, |row| {
                    let redrives = &mut Arc::make_mut(row).redrives;
                    redrives.get_or_insert_default().pending = false;
                });
            }
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
