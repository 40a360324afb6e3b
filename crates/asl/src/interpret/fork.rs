//! States that wait for strands of their own: Parallel, and Map inline.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Execution;
use super::fail::Failure;
use super::run::Flow;
use super::strand::{Activity, MapItem, Origin, Strand, StrandId};
use crate::data::Data;
use crate::env::{Fault, Variables};
use crate::history::Details;
use crate::machine::{Program, State, StateKind};

/// The children that a strand waits for.
#[derive(Debug)]
pub(super) struct Fork {
    /// The state's effective input.
    pub(super) input: Data,
    /// Of a Map; a Parallel state has none.
    pub(super) items: Option<Arc<Vec<Value>>>,
    /// Variables that the children may read.
    pub(super) scope: Arc<Variables>,
    /// The next child to start.
    pub(super) next: usize,
    /// How many may run at once.
    pub(super) limit: usize,
    pub(super) running: BTreeMap<usize, StrandId>,
    pub(super) results: Vec<Option<Data>>,
    pub(super) missing: usize,
}

impl Fork {
    pub(super) fn new(
        strand: &Strand,
        total: usize,
        input: Data,
        items: Option<Arc<Vec<Value>>>,
    ) -> Self {
        Self {
            input,
            items,
            scope: Arc::new(strand.variables.clone()),
            next: 0,
            limit: total,
            running: BTreeMap::new(),
            results: vec![None; total],
            missing: total,
        }
    }
}

impl Execution {
    pub(super) fn parallel(
        &mut self,
        strand: &mut Strand,
        state: &State,
        branches: &[Arc<Program>],
    ) -> Result<Flow, Fault> {
        let input = self.arguments(strand, state)?;
        let started = self.push(strand.last, Details::ParallelStateStarted);
        strand.last = started;
        let mut fork = Fork::new(strand, branches.len(), input.clone(), None);
        for (index, branch) in branches.iter().enumerate() {
            let mut child = self.spawn(Arc::clone(branch), input.clone(), Some((strand.id, index)));
            child.last = started;
            child.variables = Variables::inside(Arc::clone(&fork.scope));
            child.map_item = strand.map_item.clone();
            fork.running.insert(index, child.id);
            self.make_ready(child);
        }
        fork.next = branches.len();
        strand.activity = Activity::Fork(Box::new(fork));
        Ok(Flow::Park)
    }

    /// Starts iterations as long as the limit allows; `previous` is the event they follow.
    pub(super) fn start_iterations(
        &mut self,
        strand: &Strand,
        state: &State,
        fork: &mut Fork,
        previous: u64,
    ) -> Result<(), Fault> {
        let (StateKind::Map(map), Some(items)) = (&state.kind, fork.items.clone()) else {
            return Ok(());
        };
        while fork.next < items.len() && fork.running.len() < fork.limit && !self.overflow {
            let index = fork.next;
            let item = MapItem {
                items: Arc::clone(&items),
                index,
                origin: Origin::Inline,
            };
            let input = self.item_input(strand, map, &fork.input, &item)?;
            fork.next += 1;
            let started = self.push(
                previous,
                Details::MapIterationStarted {
                    name: Arc::clone(&state.name),
                    index,
                },
            );
            let processor = Arc::clone(&map.processor);
            let mut child = self.spawn(processor, input, Some((strand.id, index)));
            child.last = started;
            child.variables = Variables::inside(Arc::clone(&fork.scope));
            child.map_item = Some(item);
            fork.running.insert(index, child.id);
            self.make_ready(child);
        }
        Ok(())
    }

    /// A branch or iteration came to its end.
    pub(super) fn child_done(&mut self, parent: StrandId, index: usize, output: Data, last: u64) {
        let Some((mut strand, mut fork)) = self.take_fork(parent) else {
            return;
        };
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        fork.running.remove(&index);
        if let Some(slot) = fork.results.get_mut(index) {
            *slot = Some(output);
        }
        fork.missing = fork.missing.saturating_sub(1);
        let mut closed = last;
        if fork.items.is_some() {
            let name = Arc::clone(&state.name);
            closed = self.push(last, Details::MapIterationSucceeded { name, index });
        }
        if fork.missing == 0 {
            // Only the last iteration's success is followed by something.
            self.join(strand, state, *fork, closed);
            return;
        }
        match self.start_iterations(&strand, state, &mut fork, last) {
            Ok(()) => {
                strand.activity = Activity::Fork(fork);
                self.park(strand);
            }
            Err(fault) => {
                strand.last = last;
                let failure = self.fault(&mut strand, state, fault);
                let last = strand.last;
                self.give_up(strand, state, fork, failure, (last, None));
            }
        }
    }

    /// All children are done, or there were none.
    pub(super) fn join(&mut self, mut strand: Strand, state: &State, fork: Fork, last: u64) {
        let state_type = state.kind.name();
        self.push(last, Details::StateSucceeded { state_type });
        strand.last = last;
        let results: Vec<Data> = fork.results.into_iter().flatten().collect();
        let result = Data::list(&results);
        let flow = match self.complete(&strand, state, Some(&result)) {
            Ok(leave) => Flow::Leave(leave),
            Err(fault) => Flow::Fail(self.fault(&mut strand, state, fault)),
        };
        self.follow(strand, state, flow);
    }

    /// A branch or iteration failed, and nobody in it caught that.
    pub(super) fn child_failed(
        &mut self,
        parent: StrandId,
        index: usize,
        (failed_type, failure): (&'static str, Failure),
        last: u64,
    ) {
        let Some((strand, fork)) = self.take_fork(parent) else {
            return;
        };
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        if fork.items.is_some() {
            let name = Arc::clone(&state.name);
            self.push(last, Details::MapIterationFailed { name, index });
        }
        if failed_type == "Task" {
            // The task is over, but its state was never left.
            let state_type = failed_type;
            self.push(last, Details::StateAborted { state_type });
        }
        self.give_up(strand, state, fork, failure, (last, Some(index)));
    }

    /// Stops the other children; the fork stays with the strand, for a redrive.
    fn give_up(
        &mut self,
        mut strand: Strand,
        state: &State,
        fork: Box<Fork>,
        failure: Failure,
        (last, failed): (u64, Option<usize>),
    ) {
        for (&index, &child) in &fork.running {
            if failed == Some(index) {
                continue;
            }
            if fork.items.is_some() {
                let name = Arc::clone(&state.name);
                self.push(last, Details::MapIterationAborted { name, index });
            }
            self.abort(child, last);
        }
        strand.activity = Activity::Fork(fork);
        strand.last = last;
        self.fail(strand, state, failure);
    }

    /// Stops a strand and all that it waits for; the events follow `previous`.
    fn abort(&mut self, id: StrandId, previous: u64) {
        let Some(mut strand) = self.strands.remove(&id) else {
            return;
        };
        let state_type = strand
            .program
            .states
            .get(strand.at)
            .map_or("Task", |state| state.kind.name());
        match std::mem::replace(&mut strand.activity, Activity::Again) {
            // It did not get as far as entering the state.
            Activity::Enter => {
                strand.activity = Activity::Enter;
                self.bury(strand);
                return;
            }
            Activity::Again => {}
            Activity::Wait { timer, .. } => self.cancel_timer(timer),
            Activity::Task(run) => self.cancel_task(&run),
            Activity::Fork(fork) => {
                for child in fork.running.values() {
                    self.abort(*child, previous);
                }
                strand.activity = Activity::Fork(fork);
            }
            activity @ Activity::MapRun(_) => {
                strand.activity = activity;
                self.abort_map_run(&mut strand);
            }
        }
        self.bury(strand);
        self.push(previous, Details::StateAborted { state_type });
    }

    fn take_fork(&mut self, id: StrandId) -> Option<(Strand, Box<Fork>)> {
        let mut strand = self.strands.remove(&id)?;
        match std::mem::replace(&mut strand.activity, Activity::Enter) {
            Activity::Fork(fork) => Some((strand, fork)),
            other => {
                strand.activity = other;
                self.park(strand);
                None
            }
        }
    }
}
