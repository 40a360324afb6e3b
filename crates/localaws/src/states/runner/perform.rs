//! Carries out what an execution asks for, action by action.

use std::sync::Arc;

use asl::{Action, FailedPhase, Pattern, Resource, Signal, StartTask, TaskId};

use super::super::activity::Waiting;
use super::super::{States, tasks};
use super::running::State;
use super::{InFlight, Running, Started};

/// How far a task had come before the process was killed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Progress {
    /// `TaskScheduled` was told.
    pub scheduled: bool,
    /// `TaskStarted` was told.
    pub started: bool,
    /// What `TaskSubmitted` told.
    pub submitted: Option<String>,
}

impl States {
    pub(super) fn perform(self: &Arc<Self>, running: &Arc<Running>, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::StartTask(task) => self.start_task(running, *task, Progress::default()),
                Action::CancelTask { task } => self.cancel_task(running, task),
                Action::SetTimer { timer, at } => {
                    let key = self.runner.timers.set(at, running, timer);
                    running.lock().timers.insert(timer, key);
                }
                Action::CancelTimer { timer } => {
                    let key = running.lock().timers.remove(&timer);
                    key.into_iter()
                        .for_each(|key| self.runner.timers.cancel(key));
                }
                Action::StartMapRun(map_run) => self.start_map_run(running, *map_run),
                Action::StartChild {
                    map_run,
                    index,
                    input,
                    map_item,
                } => self.start_child(running, map_run, index, input, map_item),
                Action::SizeMapRun {
                    map_run,
                    children,
                    items,
                } => self.size_map_run(running, map_run, children, items),
                Action::RedriveMapRun { map_run, count } => {
                    self.redrive_map_run(running, map_run, count);
                }
                Action::RedriveChild {
                    map_run,
                    index,
                    input,
                    map_item,
                } => self.redrive_child(running, map_run, index, (input, map_item)),
                Action::StopChild { map_run, index } => self.stop_child(running, map_run, index),
                Action::WriteResults {
                    map_run,
                    writer,
                    children,
                } => self.write_results(running, map_run, writer, children),
                Action::EndMapRun { map_run, status } => self.end_map_run(running, map_run, status),
                Action::Finish(outcome) => self.finish(running, &outcome),
            }
        }
    }

    /// Starts a task, or takes it up where a killed process left it.
    pub(super) fn start_task(
        self: &Arc<Self>,
        running: &Arc<Running>,
        task: StartTask,
        progress: Progress,
    ) {
        if let Some(refusal) = self.deleted_activity(&task, &progress) {
            self.tell(running, refusal);
            return;
        }
        let token: Arc<str> = task.token.as_str().into();
        let answered_outside = match &task.resource {
            Resource::Activity { .. } => true,
            Resource::Optimised { pattern, .. } | Resource::Sdk { pattern, .. } => {
                *pattern == Pattern::TaskToken
            }
            Resource::Lambda { .. } => false,
        };
        if answered_outside {
            self.runner
                .tokens
                .open(Arc::clone(&token), running, task.task);
        }
        let activity = match &task.resource {
            Resource::Activity { arn } => Some(self.activities.shared(arn)),
            _ => None,
        };
        let in_flight = InFlight {
            token: Arc::clone(&token),
            activity: activity.clone(),
            started: None,
        };
        running.lock().tasks.insert(task.task, Box::new(in_flight));
        match activity {
            Some(_) if progress.started => {}
            Some(activity) => {
                if !progress.scheduled {
                    self.tell(running, Signal::TaskScheduled { task: task.task });
                }
                let waiting = Waiting {
                    execution_arn: Arc::clone(&running.arn),
                    task: task.task,
                    token,
                    input: task.parameters.to_string(),
                };
                self.activities.push(&activity, waiting);
            }
            None => {
                let job = tasks::run(Arc::clone(self), Arc::clone(running), task, progress);
                self.aws.spawn(job);
            }
        }
    }

    /// The refusal of a task whose activity is gone.
    fn deleted_activity(&self, task: &StartTask, progress: &Progress) -> Option<Signal> {
        let Resource::Activity { arn } = &task.resource else {
            return None;
        };
        let known = progress.scheduled || progress.started;
        let gone = !known && !self.activities.rows().contains(arn);
        gone.then(|| Signal::TaskFailed {
            task: task.task,
            phase: FailedPhase::Refused,
            error: None,
            cause: Some(format!("The activity {arn} does not exist.")),
        })
    }

    /// Hands a queued task to a worker; false where nobody waits for it any more.
    pub(in super::super) fn start_activity(
        self: &Arc<Self>,
        task: &Waiting,
        worker: Option<&str>,
    ) -> bool {
        let running = self.runner.get(&task.execution_arn);
        let waits = |running: &Arc<Running>| running.lock().tasks.contains(&task.task);
        let Some(running) = running.filter(waits) else {
            return false;
        };
        let worker = worker.map(str::to_owned);
        let task = task.task;
        self.tell(&running, Signal::TaskStarted { task, worker });
        true
    }

    /// Notes what a task has started and waits for; false, and it is stopped, where the task is no
    /// longer waited for.
    pub(in super::super) fn waits_for(
        self: &Arc<Self>,
        running: &Running,
        task: TaskId,
        started: Started,
    ) -> bool {
        if let Some(in_flight) = running.lock().tasks.get_mut(&task) {
            in_flight.started = Some(started);
            return true;
        }
        self.stop_started(&started);
        false
    }

    fn cancel_task(self: &Arc<Self>, running: &Running, task: TaskId) {
        let in_flight = running.lock().tasks.remove(&task);
        if let Some(in_flight) = in_flight {
            self.give_up(running, task, &in_flight);
        }
    }

    /// Takes back what a task that nobody waits for any more has started.
    pub(super) fn give_up(self: &Arc<Self>, running: &Running, task: TaskId, in_flight: &InFlight) {
        self.runner.tokens.close(&in_flight.token);
        if let Some(activity) = &in_flight.activity {
            self.activities.cancel(activity, &running.arn, task);
        }
        if let Some(started) = &in_flight.started {
            self.stop_started(started);
        }
    }

    fn stop_started(self: &Arc<Self>, started: &Started) {
        match started {
            Started::Execution(arn) => self.stop(arn),
            Started::Job(calls) => {
                for (operation, call) in calls.clone() {
                    let states = Arc::clone(self);
                    self.aws.spawn(async move {
                        let stopped = states.outside.dispatch(operation, call).await;
                        if let Err(error) = stopped {
                            tracing::warn!(operation = operation.name(), %error, "a job was not stopped");
                        }
                    });
                }
            }
        }
    }

    /// Stops an execution on behalf of the one that started it.
    pub(in super::super) fn stop(self: &Arc<Self>, arn: &str) {
        let stop = Signal::Stop {
            error: None,
            cause: None,
        };
        self.signal(arn, stop);
    }

    /// Forgets what a signal ends, before it is fed.
    pub(super) fn settle(&self, state: &mut State, signal: &Signal) {
        match signal {
            Signal::TimerFired { timer } => {
                state.timers.remove(timer);
            }
            Signal::TaskSucceeded { task, .. } | Signal::TaskFailed { task, .. } => {
                if let Some(in_flight) = state.tasks.remove(task) {
                    self.runner.tokens.close(&in_flight.token);
                }
            }
            Signal::ChildFinished { map_run, index, .. } => {
                state.children.remove(&(*map_run, *index));
            }
            _ => {}
        }
    }
}
