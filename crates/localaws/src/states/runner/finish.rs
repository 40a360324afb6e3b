//! The end of an execution, and of a deleted state machine with its last one.

use std::sync::Arc;

use asl::{Kind, Outcome, Signal};

use super::super::States;
use super::super::execution::Status;
use super::Running;

impl States {
    /// Stores how an execution ended and tells everyone who waits for it.
    pub(super) fn finish(self: &Arc<Self>, running: &Arc<Running>, outcome: &Outcome) {
        let (row, waiters, timers, tasks) = {
            let mut state = running.lock();
            let state = &mut *state;
            if state.row.status != Status::Running {
                return;
            }
            let machine = state.machine.wake(&running.program, &state.row);
            let row = Arc::make_mut(&mut state.row);
            row.finish(outcome, state.last);
            row.events = machine.events().len();
            // The history is there before the row says that the execution ended, and the journal
            // after it, so that a kill in between loses nothing.
            if state.row.kind == Kind::Standard {
                let events = match outcome {
                    Outcome::Succeeded { .. } => machine.take_events(),
                    // Its interpreter may be taken up again.
                    _ => machine.events().to_vec(),
                };
                self.runner.history.write(&running.arn, events);
            }
            if state.row.is_kept() {
                self.executions
                    .rows()
                    .put(&running.arn, Arc::clone(&state.row));
            }
            if state.row.kind == Kind::Standard {
                self.remember(running, state.row.status, state.journaled);
            }
            let timers = std::mem::take(&mut state.timers);
            let tasks = std::mem::take(&mut state.tasks);
            let waiters = std::mem::take(&mut state.waiters);
            (Arc::clone(&state.row), waiters, timers, tasks)
        };
        for (task, in_flight) in tasks {
            self.give_up(running, task, &in_flight);
        }
        for (_, key) in timers {
            self.runner.timers.cancel(key);
        }
        self.runner.live().remove(&running.arn);
        self.announce_end(running, &row);
        for waiter in waiters {
            // Who no longer waits is not told.
            let _ = waiter.send(Arc::clone(&row));
        }
        if let Some(parent) = &row.parent {
            self.map_runs.child_ended(parent, row.status);
            let finished = Signal::ChildFinished {
                map_run: parent.map_run,
                index: parent.index,
                outcome: outcome.clone(),
            };
            self.signal(&parent.execution_arn, finished);
        }
        if self.is_deleted(&row) {
            self.delete_when_idle(&row.machine_arn);
        }
    }

    /// Keeps what it takes to redrive an execution that did not succeed.
    fn remember(&self, running: &Arc<Running>, status: Status, journaled: u64) {
        let journal = &self.runner.journal;
        if status == Status::Succeeded {
            if journaled > 0 {
                journal.forget(&running.arn);
            }
        } else if !journal.is_kept() {
            let mut ended = self.runner.ended();
            ended.insert(Arc::clone(&running.arn), Arc::clone(running));
        }
    }

    /// Takes out a state machine that is being deleted, once none of its executions runs.
    pub(in super::super) fn delete_when_idle(&self, machine_arn: &str) {
        let deleting = self
            .machines
            .rows()
            .with(machine_arn, |machine| machine.deleting);
        let mut live: Vec<Arc<Running>> = self.runner.live().values().cloned().collect();
        live.retain(|running| *running.machine_arn == *machine_arn);
        if deleting != Some(true) || !live.is_empty() {
            return;
        }
        let mut gone = self.executions.forget(machine_arn);
        let mut next = 0;
        // Executions have map runs, whose children are executions that may have map runs.
        while let Some(arn) = gone.get(next).cloned() {
            for map_run in self.map_runs.of_execution(&arn) {
                gone.extend(self.executions.forget(&map_run.arn));
                self.map_runs.forget(&map_run.arn);
            }
            self.runner.history.forget(&arn);
            self.runner.journal.forget(&arn);
            self.runner.ended().remove(&arn);
            next += 1;
        }
        self.machines.remove(machine_arn);
    }
}
