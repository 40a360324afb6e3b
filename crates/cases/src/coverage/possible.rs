//! The parts that a definition has.

use serde_json::Value;

use super::{Coverage, Handler, Way};

pub(super) fn parts(definition: &Value) -> Coverage {
    let mut parts = Coverage::default();
    for (name, state) in states(definition) {
        add(&mut parts, name, state);
    }
    parts
}

/// All states, those of branches and processors included.
pub(crate) fn states(definition: &Value) -> Vec<(&str, &Value)> {
    let mut found = Vec::new();
    let mut todo = vec![definition];
    while let Some(program) = todo.pop() {
        let states = program.get("States").and_then(Value::as_object);
        for (name, state) in states.into_iter().flatten() {
            found.push((name.as_str(), state));
            todo.extend(state.get("ItemProcessor"));
            todo.extend(state.get("Iterator"));
            todo.extend(list(state, "Branches"));
        }
    }
    found
}

/// Names of the states that may follow a state.
pub(crate) fn leads_to(state: &Value) -> impl Iterator<Item = &str> {
    let rules = list(state, "Choices").chain(list(state, "Catch"));
    let next = rules.map(|rule| rule.get("Next"));
    let next = next.chain([state.get("Next"), state.get("Default")]);
    next.flatten().filter_map(Value::as_str)
}

/// The members of a list of a state.
pub(super) fn list<'a>(state: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    let list = state.get(name).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// Whether a state ends its machine, branch or iteration.
pub(super) fn is_last(state: &Value) -> bool {
    let kind = state.get("Type").and_then(Value::as_str);
    state.get("End") == Some(&Value::Bool(true)) || matches!(kind, Some("Succeed" | "Fail"))
}

fn add(parts: &mut Coverage, name: &str, state: &Value) {
    parts.states.insert(name.to_owned());
    parts.ways.extend(leads_to(state).map(|next| Way {
        from: name.to_owned(),
        to: Some(next.to_owned()),
    }));
    if is_last(state) {
        parts.ways.insert(Way {
            from: name.to_owned(),
            to: None,
        });
    }
    parts.retries.extend(handlers(name, state, "Retry"));
    parts.catches.extend(handlers(name, state, "Catch"));
}

/// The retriers or catchers of a state.
pub(super) fn handlers(name: &str, state: &Value, list_name: &str) -> Vec<Handler> {
    let handlers = list(state, list_name).enumerate();
    let handlers = handlers.map(|(index, handler)| Handler {
        state: name.to_owned(),
        index,
        errors: list(handler, "ErrorEquals")
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    });
    handlers.collect()
}
