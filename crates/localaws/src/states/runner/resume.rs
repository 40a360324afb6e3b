//! Takes up the executions that ran when the process ended.
//!
//! Start and journal are fed to a new interpreter without carrying anything out; what was asked
//! for and not answered is then carried out again. A task whose call was under way is called
//! again, as on AWS, where a standard workflow's task may run twice when a host fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use asl::{Action, MapRunId, Signal, StartMapRun, StartTask, StateMachine, TaskId, TimerId};
use jiff::Timestamp;

use crate::AwsError;

use super::super::States;
use super::super::execution::{Execution, Status};
use super::interpreter::Interpreter;
use super::perform::Progress;
use super::{Running, running};

/// What was asked for and not answered.
#[derive(Default)]
pub(super) struct Pending {
    tasks: BTreeMap<TaskId, (StartTask, Progress)>,
    timers: BTreeMap<TimerId, Timestamp>,
    map_runs: BTreeMap<MapRunId, (StartMapRun, bool)>,
    children: BTreeMap<(MapRunId, u64), Action>,
    /// Writing of results, and the end: carried out again as they are.
    other: Vec<Action>,
}

impl States {
    pub(super) fn resume(self: &Arc<Self>) {
        let mut taken_up = Vec::new();
        for (arn, row) in self.executions.rows().scan("") {
            match row.status {
                Status::Running => {}
                Status::Succeeded => continue,
                _ => {
                    self.forget_journal_in_time(&row);
                    continue;
                }
            }
            match self.replay(row) {
                Ok((running, pending)) => {
                    let arn = Arc::clone(&running.arn);
                    self.runner.live().insert(arn, Arc::clone(&running));
                    taken_up.push((running, pending));
                }
                Err(error) => tracing::error!(arn, %error, "execution cannot be taken up"),
            }
        }
        // Here and now, not in a job: a token must be known before the first call is answered.
        for (running, pending) in taken_up {
            if running.is_to_be_redriven() {
                self.know_map_runs(&running, &pending);
                running.lock().driven = false;
                self.tell(&running, Signal::Redrive);
            } else {
                self.take_up(&running, pending);
            }
        }
    }

    /// Tells an execution's map runs again that its interpreter knows.
    pub(super) fn know_map_runs(&self, running: &Running, pending: &Pending) {
        for (asked, _) in pending.map_runs.values() {
            self.know_map_run(running, asked.map_run, &asked.arn);
        }
    }

    pub(super) fn replay(&self, row: Arc<Execution>) -> Result<(Arc<Running>, Pending), AwsError> {
        let program = self.program(&row)?;
        let start = running::start(&row);
        let (mut machine, actions) =
            asl::Execution::start(Arc::clone(&program), start, row.started);
        let mut pending = Pending::default();
        pending.asked(actions);
        let (mut last, mut journaled) = (row.started, 0);
        let told = self.runner.journal.read(&row.arn);
        for (now, signal) in &told {
            pending.told(signal);
            pending.asked(machine.feed(*now, signal.clone()));
            (last, journaled) = (*now, journaled + 1);
        }
        let log = self.log_target(&row);
        let logged = machine.events().len();
        let machine = Interpreter::new(machine, Some(told));
        let running = Running::new(row, program, machine, log);
        {
            let mut state = running.lock();
            state.last = last;
            state.journaled = journaled;
            state.logged = logged;
        }
        Ok((Arc::new(running), pending))
    }

    fn take_up(self: &Arc<Self>, running: &Arc<Running>, pending: Pending) {
        for (map_run, items_read) in pending.map_runs.into_values() {
            self.resume_map_run(running, map_run, items_read);
        }
        for (timer, at) in pending.timers {
            self.perform(running, vec![Action::SetTimer { timer, at }]);
        }
        for (task, progress) in pending.tasks.into_values() {
            self.start_task(running, task, progress);
        }
        let children = pending.children.into_values();
        self.drive(running, children.chain(pending.other).collect());
    }

    /// The program of an execution: its machine's, or the item processor of its parent's.
    pub(in super::super) fn program(&self, row: &Execution) -> Result<Arc<StateMachine>, AwsError> {
        let Some(parent) = &row.parent else {
            return self.machines.program(&row.revision);
        };
        let program = match self.runner.get(&parent.execution_arn) {
            Some(running) => Arc::clone(&running.program),
            None => {
                let parent = self.executions.get(&parent.execution_arn)?;
                self.program(&parent)?
            }
        };
        let processor = program.item_processor(&parent.pointer);
        processor.ok_or_else(|| AwsError::internal("the Map state is gone"))
    }
}

impl Pending {
    fn asked(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::StartTask(task) => {
                    self.tasks.insert(task.task, (*task, Progress::default()));
                }
                Action::CancelTask { task } => {
                    self.tasks.remove(&task);
                }
                Action::SetTimer { timer, at } => {
                    self.timers.insert(timer, at);
                }
                Action::CancelTimer { timer } => {
                    self.timers.remove(&timer);
                }
                Action::StartMapRun(map_run) => {
                    self.map_runs.insert(map_run.map_run, (*map_run, false));
                }
                Action::StartChild { map_run, index, .. }
                | Action::RedriveChild { map_run, index, .. } => {
                    self.children.insert((map_run, index), action);
                }
                Action::SizeMapRun { .. } => {}
                other => self.other.push(other),
            }
        }
    }

    fn told(&mut self, signal: &Signal) {
        match signal {
            Signal::TaskScheduled { task } => {
                if let Some((_, progress)) = self.tasks.get_mut(task) {
                    progress.scheduled = true;
                }
            }
            Signal::TaskStarted { task, .. } => {
                if let Some((_, progress)) = self.tasks.get_mut(task) {
                    progress.started = true;
                }
            }
            Signal::TaskSubmitted { task, output } => {
                if let Some((_, progress)) = self.tasks.get_mut(task) {
                    progress.submitted = Some(output.clone());
                }
            }
            Signal::TaskSucceeded { task, .. } | Signal::TaskFailed { task, .. } => {
                self.tasks.remove(task);
            }
            Signal::TimerFired { timer } => {
                self.timers.remove(timer);
            }
            Signal::ItemsRead { map_run, .. } => {
                if let Some((_, items_read)) = self.map_runs.get_mut(map_run) {
                    *items_read = true;
                }
            }
            Signal::ChildFinished { map_run, index, .. } => {
                self.children.remove(&(*map_run, *index));
            }
            Signal::ResultsWritten { map_run, .. } => self.other.retain(
                |action| !matches!(action, Action::WriteResults { map_run: m, .. } if m == map_run),
            ),
            Signal::Redrive => {
                // What the attempt before asked for was over with it.
                self.tasks.clear();
                self.timers.clear();
                self.children.clear();
                self.other.clear();
            }
            Signal::TaskHeartbeat { .. } | Signal::MapRunUpdated { .. } | Signal::Stop { .. } => {}
        }
    }
}
