//! Redrive: what did not succeed is kept when the execution ends, and goes on from there.
//!
//! A strand that fails or is given up is buried with what it was doing. When somebody catches or
//! retries the failure, the graves below are forgotten; when the execution ends, they stay. From
//! the developer guide, "Restarting state machine executions with redrive": states that were left
//! do not run again, Parallel and Map states run the branches and iterations again that did not
//! succeed, a map run its children, a Wait state waits anew, and retriers count from zero.

use std::sync::Arc;

use super::strand::{Activity, Strand, StrandId};
use super::{Execution, Status};
use crate::history::{Details, ErrorDetails};
use crate::machine::StateKind;
use crate::port::Kind;

impl Execution {
    /// Whether `Signal::Redrive` would have an effect.
    #[must_use]
    pub fn is_redrivable(&self) -> bool {
        let ended = !matches!(self.status, Status::Running | Status::Succeeded);
        ended && self.start.kind == Kind::Standard && self.events.len() + 1 < self.limits.events
    }

    /// How often it was redriven.
    #[must_use]
    pub fn redrive_count(&self) -> u64 {
        self.redrive_count
    }

    pub(super) fn bury(&mut self, mut strand: Strand) {
        if self.start.kind == Kind::Express {
            return;
        }
        if matches!(strand.activity, Activity::Wait { .. } | Activity::Task(_)) {
            strand.activity = Activity::Again;
        }
        self.graves.insert(strand.id, strand);
    }

    /// Buries a strand whose state was entered and failed.
    pub(super) fn bury_failed(&mut self, mut strand: Strand) {
        if matches!(strand.activity, Activity::Enter) {
            strand.activity = Activity::Again;
        }
        self.bury(strand);
    }

    /// The execution ended: all that still ran may be redriven.
    pub(super) fn bury_all(&mut self) {
        let strands = std::mem::take(&mut self.strands);
        if self.status == Status::Succeeded {
            self.graves.clear();
            return;
        }
        for strand in strands.into_values() {
            self.bury(strand);
        }
    }

    /// The failure of a strand's children was dealt with.
    pub(super) fn forget_graves(&mut self, above: StrandId) {
        if self.graves.is_empty() {
            return;
        }
        let below = |strand: &Strand| strand.parent.is_some_and(|(parent, _)| parent == above);
        let graves = self.graves.values().filter(|strand| below(strand));
        let gone: Vec<StrandId> = graves.map(|strand| strand.id).collect();
        for id in gone {
            self.graves.remove(&id);
            self.forget_graves(id);
        }
    }

    pub(super) fn redrive(&mut self) {
        let last = self.events.len() as u64;
        self.status = Status::Running;
        self.stopped = None;
        self.output = None;
        self.failure = ErrorDetails::default();
        self.redrive_count += 1;
        self.redriven = Some(self.now);
        let count = self.redrive_count;
        let redriven = self.push(last, Details::ExecutionRedriven { count });
        self.set_machine_timer();
        let mut graves: Vec<Strand> = std::mem::take(&mut self.graves).into_values().collect();
        graves.sort_by_key(|strand| strand.id);
        let ids: Vec<StrandId> = graves.iter().map(|strand| strand.id).collect();
        for strand in graves {
            self.revive(strand, redriven, &ids);
        }
    }

    fn revive(&mut self, mut strand: Strand, redriven: u64, ids: &[StrandId]) {
        strand.last = redriven;
        strand.attempts.clear();
        strand.retry_count = 0;
        strand.token = None;
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        match std::mem::replace(&mut strand.activity, Activity::Again) {
            Activity::Enter => strand.activity = Activity::Enter,
            Activity::Fork(mut fork) if fork.running.values().all(|id| ids.contains(id)) => {
                match self.start_iterations(&strand, state, &mut fork, redriven) {
                    Ok(()) => {
                        strand.activity = Activity::Fork(fork);
                        self.park(strand);
                    }
                    Err(fault) => {
                        let failure = self.fault(&mut strand, state, fault);
                        self.fail(strand, state, failure);
                    }
                }
                return;
            }
            Activity::MapRun(run) => {
                self.redrive_map_run(strand, *run, redriven);
                return;
            }
            // A Fail state is entered again, and fails again.
            _ if matches!(state.kind, StateKind::Fail(_)) => strand.activity = Activity::Enter,
            _ => {}
        }
        self.make_ready(strand);
    }
}
