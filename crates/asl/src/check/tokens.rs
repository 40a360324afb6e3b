//! Tasks that wait for a token which may never come back.

use crate::diagnostic::Diagnostic;
use crate::machine::{State, StateKind};
use crate::port::{Pattern, Resource};

use super::warning;

pub(super) fn check(state: &State, found: &mut Vec<Diagnostic>) {
    let StateKind::Task(task) = &state.kind else {
        return;
    };
    let waits = matches!(
        task.resource,
        Resource::Activity { .. }
            | Resource::Optimised {
                pattern: Pattern::TaskToken,
                ..
            }
            | Resource::Sdk {
                pattern: Pattern::TaskToken,
                ..
            }
    );
    if !waits {
        return;
    }
    if task.timeout.is_none() && task.heartbeat.is_none() {
        found.push(warning(
            "WAIT_WITHOUT_TIMEOUT",
            &state.pointer,
            &state.span,
            "The task waits for an answer from outside, for up to a year if none comes".to_owned(),
            "set `TimeoutSeconds` or `HeartbeatSeconds`",
        ));
    }
    let is_activity = matches!(task.resource, Resource::Activity { .. });
    let passed = state
        .arguments
        .as_ref()
        .is_none_or(|arguments| arguments.reads_context());
    if !is_activity && !passed {
        found.push(warning(
            "TOKEN_NOT_PASSED",
            &state.pointer,
            &state.span,
            "The task waits for a token that its parameters do not pass on".to_owned(),
            "pass `$$.Task.Token` (JSONPath) or `$states.context.Task.Token` (JSONata)",
        ));
    }
}
