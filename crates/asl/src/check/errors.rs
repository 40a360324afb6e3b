//! Error names in `Retry` and `Catch` that can never match.

use crate::diagnostic::Diagnostic;
use crate::machine::State;

use super::warning;

const CODE: &str = "ERROR_NEVER_MATCHES";

pub(super) fn check(state: &State, found: &mut Vec<Diagnostic>) {
    let retry = state.retry.iter().map(|retrier| &retrier.errors);
    in_order("Retry", retry, state, found);
    let catch = state.catch.iter().map(|catcher| &catcher.errors);
    in_order("Catch", catch, state, found);
}

/// The first entry that matches counts, so that a name is lost behind one that covers it.
fn in_order<'s>(
    field: &str,
    entries: impl Iterator<Item = &'s Vec<String>>,
    state: &State,
    found: &mut Vec<Diagnostic>,
) {
    let mut before: Vec<(&str, usize)> = Vec::new();
    for (index, names) in entries.enumerate() {
        let at = format!("{}/{field}[{index}]/ErrorEquals", state.pointer);
        for name in names {
            if name == "States.Runtime" {
                found.push(warning(
                    CODE,
                    &at,
                    &state.span,
                    "'States.Runtime' is neither retried nor caught".to_owned(),
                    "AWS ends the execution with it: prevent it, by a Choice or a default",
                ));
            } else if let Some((other, earlier)) =
                before.iter().find(|(other, _)| covers(other, name))
            {
                found.push(warning(
                    CODE,
                    &at,
                    &state.span,
                    format!("'{name}' never gets here: '{other}' of {field}[{earlier}] matches it"),
                    "put the narrower name first",
                ));
            }
        }
        before.extend(names.iter().map(|name| (name.as_str(), index)));
    }
}

fn covers(wide: &str, narrow: &str) -> bool {
    let apart = [
        "States.ALL",
        "States.Timeout",
        "States.HeartbeatTimeout",
        "States.QueryEvaluationError",
    ];
    wide == narrow || (wide == "States.TaskFailed" && !apart.contains(&narrow))
}
