//! Which variables a state reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::jsonata;
use crate::machine::{Program, State, StateKind, StateMachine};

impl StateMachine {
    /// The variables that each state's expressions read, in alphabetical order; states that read
    /// none are left out. As `variableReferences` of `DescribeStateMachine` has it.
    #[must_use]
    pub fn variable_references(&self) -> BTreeMap<String, Vec<String>> {
        let mut assigned = BTreeSet::new();
        each_state(&self.program, &mut |state| {
            assigned.extend(assigned_by(state).map(str::to_owned));
        });
        let mut references = BTreeMap::new();
        each_state(&self.program, &mut |state| {
            let names: BTreeSet<String> = state
                .reads
                .iter()
                .map(|read| read.name.to_string())
                // `$sum` is a function, unless somebody assigns it.
                .filter(|name| assigned.contains(name) || !jsonata::is_function(name))
                .collect();
            if !names.is_empty() {
                references.insert(state.name.to_string(), names.into_iter().collect());
            }
        });
        references
    }
}

/// Calls `each` with every state, those of branches and processors included.
pub(super) fn each_state(program: &Program, each: &mut dyn FnMut(&State)) {
    for state in &program.states {
        each(state);
        for inner in state.inner() {
            each_state(inner, each);
        }
    }
}

/// Names in the `Assign`s of a state.
pub(super) fn assigned_by(state: &State) -> impl Iterator<Item = &str> {
    let rules = match &state.kind {
        StateKind::Choice(choice) => choice.rules.as_slice(),
        _ => &[],
    };
    let rules = rules.iter().flat_map(|rule| &rule.assign);
    let catchers = state.catch.iter().flat_map(|catcher| &catcher.assign);
    let all = state.assign.iter().chain(rules).chain(catchers);
    all.map(|(name, _)| name.as_ref())
}
