//! The loop: takes strands from state to state until all of them wait.

use std::sync::Arc;

use super::Execution;
use super::fail::Failure;
use super::strand::{Activity, Strand, StrandId};
use crate::data::Data;
use crate::env::{Env, Fault, Variables};
use crate::history::Details;
use crate::machine::{PathField, Program, QueryLanguage, State, StateKind};
use crate::port::Outcome;

/// Values that nest deeper than this end the execution: everything that walks them recurses.
const MAX_DEPTH: usize = 500;

/// What a state comes to.
pub(super) enum Flow {
    /// Done: on with this.
    Leave(Leave),
    /// The strand waits; its activity says for what.
    Park,
    Fail(Failure),
}

/// How a state is left.
pub(super) struct Leave {
    pub(super) output: Data,
    pub(super) assigned: Vec<(Arc<str>, Data)>,
    pub(super) next: Option<usize>,
}

impl Execution {
    /// Runs until every strand waits, or the execution is over.
    pub(super) fn run(&mut self) {
        while let Some(id) = self.ready.pop_front() {
            if let Some(strand) = self.strands.remove(&id) {
                self.step(strand);
            }
            self.check_overflow();
        }
        self.check_overflow();
    }

    fn check_overflow(&mut self) {
        if self.overflow && self.status == super::Status::Running {
            let outcome = Outcome::Failed {
                error: Some("States.Runtime".to_owned()),
                cause: Some(format!(
                    "The execution reached the maximum number of history events ({}).",
                    self.limits.events
                )),
            };
            let last = self.events.len() as u64;
            self.finish(outcome, last);
        }
    }

    /// A new strand at the start of a program; not ready yet.
    pub(super) fn spawn(
        &mut self,
        program: Arc<Program>,
        input: Data,
        parent: Option<(StrandId, usize)>,
    ) -> Strand {
        let id = self.next_strand;
        self.next_strand += 1;
        Strand {
            id,
            at: program.start,
            program,
            input,
            last: 0,
            before: 0,
            entered: 0,
            entered_at: self.now,
            variables: Variables::default(),
            parent,
            map_item: None,
            attempts: Vec::new(),
            retry_count: 0,
            token: None,
            activity: Activity::Enter,
        }
    }

    pub(super) fn make_ready(&mut self, strand: Strand) {
        self.ready.push_back(strand.id);
        self.strands.insert(strand.id, strand);
    }

    pub(super) fn park(&mut self, strand: Strand) {
        self.strands.insert(strand.id, strand);
    }

    fn step(&mut self, mut strand: Strand) {
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        if matches!(strand.activity, Activity::Enter) {
            strand.before = strand.last;
            if matches!(&state.kind, StateKind::Map(map) if map.distributed.is_some()) {
                // Others keep the text that their predecessor wrote; this one does not since 2024.
                strand.input = strand.input.compact();
            }
            strand.entered = self.push(
                strand.last,
                Details::StateEntered {
                    state_type: state.kind.name(),
                    name: Arc::clone(&state.name),
                    input: strand.input.slim(),
                },
            );
            strand.last = strand.entered;
            strand.entered_at = self.now;
            strand.attempts.clear();
            strand.retry_count = 0;
            strand.token = None;
        }
        let flow = self
            .execute(&mut strand, state)
            .unwrap_or_else(|fault| Flow::Fail(self.fault(&mut strand, state, fault)));
        self.follow(strand, state, flow);
    }

    /// Carries on with what a state came to.
    pub(super) fn follow(&mut self, strand: Strand, state: &State, flow: Flow) {
        match flow {
            Flow::Leave(leave) => self.leave(strand, state, leave),
            Flow::Park => self.park(strand),
            Flow::Fail(failure) => self.fail(strand, state, failure),
        }
    }

    fn execute(&mut self, strand: &mut Strand, state: &State) -> Result<Flow, Fault> {
        match &state.kind {
            StateKind::Pass(result) => {
                let input = self.arguments(strand, state)?;
                let result = result.as_ref().unwrap_or(&input);
                self.complete(strand, state, Some(result)).map(Flow::Leave)
            }
            StateKind::Succeed => self.complete(strand, state, None).map(Flow::Leave),
            StateKind::Fail(fail) => self.raise(strand, fail).map(Flow::Fail),
            StateKind::Choice(choice) => self.choose(strand, state, choice),
            StateKind::Wait(wait) => self.wait(strand, state, wait),
            StateKind::Task(task) => self.task(strand, state, task),
            StateKind::Parallel(branches) => self.parallel(strand, state, branches),
            StateKind::Map(map) => self.map(strand, state, map),
        }
    }

    /// Writes the exit, keeps the variables, goes on to the next state or ends the strand.
    pub(super) fn leave(&mut self, mut strand: Strand, state: &State, leave: Leave) {
        let Leave {
            output,
            assigned,
            next,
        } = leave;
        if output.text().len() > self.limits.payload_bytes {
            let failure = Failure::fatal("States.DataLimitExceeded", too_large(&state.name));
            self.fail(strand, state, failure);
            return;
        }
        if deeper_than(output.value(), MAX_DEPTH) {
            let cause =
                format!("The output of a state must not nest deeper than {MAX_DEPTH} levels.");
            let fault = Fault::runtime(cause);
            let failure = self.fault(&mut strand, state, fault);
            self.fail(strand, state, failure);
            return;
        }
        let assigned_bytes: usize = assigned.iter().map(|(_, data)| data.text().len()).sum();
        if assigned_bytes > self.limits.payload_bytes {
            // Documented as 256 KiB for one Assign; AWS's words for it are not known.
            let failure = Failure::fatal("States.DataLimitExceeded", too_large(&state.name));
            self.fail(strand, state, failure);
            return;
        }
        let mut told = Vec::with_capacity(assigned.len());
        for (name, data) in assigned {
            told.push((Arc::clone(&name), data.slim()));
            strand.variables.set(name, data);
        }
        strand.last = self.push(
            strand.last,
            Details::StateExited {
                state_type: state.kind.name(),
                name: Arc::clone(&state.name),
                output: output.slim(),
                assigned: told.into_boxed_slice(),
            },
        );
        match next {
            Some(next) => {
                strand.at = next;
                strand.input = output;
                strand.activity = Activity::Enter;
                self.make_ready(strand);
            }
            None => self.strand_done(strand, output),
        }
    }

    fn strand_done(&mut self, strand: Strand, output: Data) {
        match strand.parent {
            Some((parent, index)) => self.child_done(parent, index, output, strand.last),
            None => {
                let text = output.text().to_string();
                self.output = Some(output);
                self.finish(Outcome::Succeeded { output: text }, strand.last);
            }
        }
    }

    /// What the strand's expressions see. `input` is the strand's, or what the paths made of it.
    pub(super) fn env<'a>(&'a self, strand: &'a Strand, input: &'a Data) -> Env<'a> {
        Env {
            input,
            result: None,
            error_output: None,
            variables: &strand.variables,
            context: self.context_parts(strand, None),
            random: &self.random,
            now: self.now,
            context_value: std::cell::OnceCell::new(),
        }
    }

    /// The input after `InputPath`.
    pub(super) fn effective_input(&self, strand: &Strand, state: &State) -> Result<Data, Fault> {
        match &state.paths.input {
            PathField::Whole => Ok(strand.input.clone()),
            PathField::Null => Ok(Data::new(serde_json::json!({}))),
            PathField::Path(path) => path
                .select_plain(&self.env(strand, &strand.input))
                .map(Data::new),
        }
    }

    /// The effective input after `Parameters`; in JSONata, `Arguments` or the input.
    pub(super) fn arguments(&self, strand: &Strand, state: &State) -> Result<Data, Fault> {
        let input = self.effective_input(strand, state)?;
        match &state.arguments {
            Some(template) => template.evaluate(&self.env(strand, &input)).map(Data::new),
            None => Ok(input),
        }
    }

    /// Leaves a state with its result, or with its input where it has none.
    pub(super) fn complete(
        &self,
        strand: &Strand,
        state: &State,
        result: Option<&Data>,
    ) -> Result<Leave, Fault> {
        match state.language {
            QueryLanguage::Jsonata => self.complete_jsonata(strand, state, result),
            QueryLanguage::JsonPath => self.complete_jsonpath(strand, state, result),
        }
    }
}

/// AWS's words for a result of more than 256 KiB.
pub(super) fn too_large(who: &str) -> String {
    format!(
        "The state/task '{who}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}

fn deeper_than(value: &serde_json::Value, levels: usize) -> bool {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            levels == 0 || items.iter().any(|item| deeper_than(item, levels - 1))
        }
        Value::Object(map) => levels == 0 || map.values().any(|item| deeper_than(item, levels - 1)),
        _ => false,
    }
}
