//! What a parsed machine as a whole says about itself: facts, and faults that no single field
//! shows. AWS accepts all that is warned of here.

mod errors;
mod tokens;
mod variables;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Severity};
use crate::machine::{Program, State, StateMachine};

/// Everything that deserves a warning.
pub(crate) fn warnings(machine: &StateMachine) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_state(&machine.program, &mut |state| {
        errors::check(state, &mut found);
        tokens::check(state, &mut found);
    });
    variables::check(&machine.program, &mut found);
    found
}

fn warning(
    code: &'static str,
    at: &str,
    span: &Range<usize>,
    message: String,
    help: &str,
) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Warning,
        pointer: Some(at.to_owned()),
        span: span.clone(),
        message,
        help: Some(help.to_owned()),
    }
}

/// Calls `each` with every state, those of branches and processors included.
pub(crate) fn each_state(program: &Program, each: &mut dyn FnMut(&State)) {
    for state in &program.states {
        each(state);
        for inner in state.inner() {
            each_state(inner, each);
        }
    }
}
