//! What the host tells, and whom it concerns.

use super::strand::Activity;
use super::{Execution, TimerUse};
use crate::data::Data;
use crate::history::Details;
use crate::port::{Outcome, Signal, TimerId};

impl Execution {
    pub(super) fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::TaskScheduled { task } => self.task_scheduled(task),
            Signal::TaskStarted { task, worker } => {
                if let Some((mut strand, run)) = self.take_task(task) {
                    let task = run.kind.clone();
                    strand.last = self.push(strand.last, Details::TaskStarted { task, worker });
                    self.put_task(strand, run);
                }
            }
            Signal::TaskSubmitted { task, output } => {
                if let Some((mut strand, run)) = self.take_task(task) {
                    let task = run.kind.clone();
                    let output =
                        Data::from_text(&output).unwrap_or_else(|_| Data::new(output.into()));
                    strand.last = self.push(strand.last, Details::TaskSubmitted { task, output });
                    self.put_task(strand, run);
                }
            }
            Signal::TaskSucceeded { task, output } => self.task_succeeded(task, &output),
            Signal::TaskFailed {
                task,
                phase,
                error,
                cause,
            } => self.task_failed(task, phase, error, cause),
            Signal::TaskHeartbeat { task } => self.task_heartbeat(task),
            Signal::TimerFired { timer } => self.timer_fired(timer),
            Signal::ItemsRead { map_run, items } => self.items_read(map_run, items),
            Signal::ChildFinished {
                map_run,
                index,
                outcome,
            } => self.child_finished(map_run, index, outcome),
            Signal::ResultsWritten { map_run, output } => self.results_written(map_run, output),
            Signal::MapRunUpdated {
                map_run,
                max_concurrency,
                tolerated_failure_count,
                tolerated_failure_percentage,
            } => self.map_run_updated(
                map_run,
                max_concurrency,
                tolerated_failure_count,
                tolerated_failure_percentage,
            ),
            Signal::Redrive => self.redrive(),
            Signal::Stop { error, cause } => self.finish(Outcome::Aborted { error, cause }, 0),
        }
    }

    fn timer_fired(&mut self, timer: TimerId) {
        let Some(purpose) = self.timers.remove(&timer) else {
            return;
        };
        let id = match purpose {
            TimerUse::Machine => {
                self.finish(Outcome::TimedOut, 0);
                return;
            }
            TimerUse::Resume(id) | TimerUse::TaskTimeout(id) | TimerUse::TaskHeartbeat(id) => id,
        };
        let Some(strand) = self.strands.remove(&id) else {
            return;
        };
        match (purpose, &strand.activity) {
            (TimerUse::Resume(_), Activity::Wait { retry, .. }) => {
                let retry = *retry;
                self.resume(strand, retry);
            }
            (TimerUse::TaskTimeout(_), _) => self.task_timed_out(strand, false),
            (TimerUse::TaskHeartbeat(_), _) => self.task_timed_out(strand, true),
            _ => self.park(strand),
        }
    }
}
