//! An execution and its children, in the words of `expected.json`.

use asl::{Details, Execution, Status};
use serde_json::{Value, json};

use super::Parent;

/// What became of the execution `at`.
pub(super) fn told(executions: &[Execution], parents: &[Option<Parent>], at: usize) -> Value {
    let Some(execution) = executions.get(at) else {
        return Value::Null;
    };
    let mut told = json!({ "status": execution.status().as_str() });
    if let Some(output) = execution.output() {
        // Not JSON only where a task answered so.
        told["output"] = serde_json::from_str(output).unwrap_or_else(|_| output.into());
    }
    for (member, text) in [("error", execution.error()), ("cause", execution.cause())] {
        if let Some(text) = text {
            told[member] = text.into();
        }
    }
    told["states"] = entered(execution).into();
    if execution.status() == Status::Running {
        told["waitsIn"] = waits_in(execution).into();
    }
    let below = |parent: &Option<Parent>| parent.is_some_and(|(parent, ..)| parent == at);
    let children = parents.iter().enumerate();
    let children = children.filter(|(_, parent)| below(parent));
    let children: Vec<_> = children
        .map(|(child, _)| self::told(executions, parents, child))
        .collect();
    if !children.is_empty() {
        told["children"] = children.into();
    }
    told
}

/// Names of the states that an execution entered, in order.
fn entered(execution: &Execution) -> Vec<&str> {
    let events = execution.events().iter();
    let entered = events.filter_map(|event| match &event.details {
        Details::StateEntered { name, .. } => Some(name.as_ref()),
        _ => None,
    });
    entered.collect()
}

/// Names of the states that it did not leave.
fn waits_in(execution: &Execution) -> Vec<&str> {
    let mut inside: Vec<&str> = Vec::new();
    for event in execution.events() {
        match &event.details {
            Details::StateEntered { name, .. } => inside.push(name),
            Details::StateExited { name, .. } => {
                if let Some(at) = inside.iter().rposition(|state| *state == name.as_ref()) {
                    inside.remove(at);
                }
            }
            _ => {}
        }
    }
    inside
}
