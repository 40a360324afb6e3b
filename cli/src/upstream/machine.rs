//! Two definitions compared state by state: what a reader of the workflow wants to know before the
//! lines.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What became of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateChange {
    /// Only the new definition has it: its name and type.
    Added(String, String),
    /// Only the old definition has it.
    Removed(String, String),
    /// Both have it, and these members differ, each in words.
    Changed(String, Vec<String>),
    /// Something of the machine itself differs, such as `StartAt`.
    Machine(Vec<String>),
}

/// What is different in the new definition, the machine's own members first, then states by the
/// order of their names.
pub fn changes(old: &Value, new: &Value) -> Vec<StateChange> {
    let mut changes = Vec::new();
    let machine = differences(&members(old), &members(new));
    if !machine.is_empty() {
        changes.push(StateChange::Machine(machine));
    }
    let (before, after) = (states(old), states(new));
    for (name, state) in &before {
        match after.get(name) {
            None => changes.push(StateChange::Removed(name.clone(), kind(state))),
            Some(now) => {
                let changed = differences(state, now);
                if !changed.is_empty() {
                    changes.push(StateChange::Changed(name.clone(), changed));
                }
            }
        }
    }
    for (name, state) in &after {
        if !before.contains_key(name) {
            changes.push(StateChange::Added(name.clone(), kind(state)));
        }
    }
    changes
}

/// Members of a state or machine that hold states, which are looked at by themselves.
const NESTED: [&str; 4] = ["States", "Branches", "ItemProcessor", "Iterator"];

fn members(value: &Value) -> Map<String, Value> {
    let mut members = value.as_object().cloned().unwrap_or_default();
    for name in NESTED {
        let below = members.get(name).map(shell);
        if let (Some(below), true) = (below, name != "States") {
            members.insert(name.to_owned(), below);
        } else {
            members.remove(name);
        }
    }
    members
}

/// A part of a definition without the states in it.
fn shell(value: &Value) -> Value {
    match value {
        Value::Array(parts) => parts.iter().map(shell).collect(),
        Value::Object(_) => members(value).into(),
        other => other.clone(),
    }
}

/// All states at every depth by name; names are unique in a definition.
fn states(machine: &Value) -> BTreeMap<String, Map<String, Value>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![machine];
    while let Some(machine) = todo.pop() {
        let states = machine.get("States").and_then(Value::as_object);
        for (name, state) in states.into_iter().flatten() {
            found.insert(name.clone(), members(state));
            let branches = state.get("Branches").and_then(Value::as_array);
            todo.extend(branches.into_iter().flatten());
            todo.extend(
                ["ItemProcessor", "Iterator"]
                    .iter()
                    .filter_map(|part| state.get(part)),
            );
        }
    }
    found
}

fn kind(state: &Map<String, Value>) -> String {
    let kind = state.get("Type").and_then(Value::as_str);
    kind.unwrap_or("state").to_owned()
}

fn differences(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let mut said = Vec::new();
    for (name, before) in old {
        match new.get(name) {
            None => said.push(format!("{name} removed{}", was(before))),
            Some(after) if after == before => {}
            Some(after) => match name.as_str() {
                "Retry" | "Catch" => said.push(handlers(name, before, after)),
                _ => said.extend(within(name, before, after)),
            },
        }
    }
    for (name, after) in new {
        if !old.contains_key(name) {
            said.push(format!("{name} added{}", is(after)));
        }
    }
    said
}

fn was(value: &Value) -> String {
    short(value).map_or_else(String::new, |text| format!(" (was {text})"))
}

fn is(value: &Value) -> String {
    short(value).map_or_else(String::new, |text| format!(": {text}"))
}

fn from_to(before: &Value, after: &Value) -> String {
    match (short(before), short(after)) {
        (Some(before), Some(after)) => format!(": {before} → {after}"),
        _ => " changed".to_owned(),
    }
}

/// What differs in a member, part by part where that is little to say.
fn within(name: &str, before: &Value, after: &Value) -> Vec<String> {
    const MOST: usize = 3;
    if let (Value::Object(old), Value::Object(new)) = (before, after) {
        let parts = differences(old, new);
        if parts.len() <= MOST {
            return parts.iter().map(|part| format!("{name}.{part}")).collect();
        }
    }
    vec![format!("{name}{}", from_to(before, after))]
}

/// A value that fits in a line.
fn short(value: &Value) -> Option<String> {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Object(_) | Value::Array(_) => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    (text.chars().count() <= LONGEST && !text.contains('\n')).then_some(text)
}

/// Retriers or catchers, by the errors that they are for.
fn handlers(name: &str, before: &Value, after: &Value) -> String {
    let (before, after) = (by_errors(before), by_errors(after));
    let mut said = Vec::new();
    for (errors, handler) in &before {
        match after.get(errors) {
            None => said.push(format!("no longer {errors}")),
            Some(now) if now == handler => {}
            Some(now) => {
                let mut changed = differences(handler, now);
                changed.retain(|change| !change.starts_with("ErrorEquals"));
                said.push(format!("{errors} ({})", changed.join(", ")));
            }
        }
    }
    for errors in after.keys() {
        if !before.contains_key(errors) {
            said.push(format!("new {errors}"));
        }
    }
    if said.is_empty() {
        return format!("{name} in another order");
    }
    format!("{name}: {}", said.join("; "))
}

fn by_errors(handlers: &Value) -> BTreeMap<String, Map<String, Value>> {
    let handlers = handlers.as_array().into_iter().flatten();
    let pairs = handlers.filter_map(|handler| {
        let members = handler.as_object()?;
        let errors = members.get("ErrorEquals")?.as_array()?;
        let errors: Vec<_> = errors.iter().filter_map(Value::as_str).collect();
        Some((errors.join(", "), members.clone()))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn states_at_every_depth_are_compared() {
        let old = json!({"StartAt": "A", "TimeoutSeconds": 5, "States": {
            "A": {"Type": "Task", "TimeoutSeconds": 60, "Next": "Each", "Arguments": {"a": 1},
                "Retry": [{"ErrorEquals": ["X"], "MaxAttempts": 2}, {"ErrorEquals": ["Y"]}]},
            "Each": {"Type": "Map", "MaxConcurrency": 5, "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "In", "States": {
                    "In": {"Type": "Pass", "End": true}}}}}});
        let new = json!({"StartAt": "A", "States": {
            "A": {"Type": "Task", "TimeoutSeconds": 90, "Next": "Each", "Arguments": {"a": 2},
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Each"}],
                "Retry": [{"ErrorEquals": ["X"], "MaxAttempts": 3}, {"ErrorEquals": ["Z"]}]},
            "Each": {"Type": "Map", "MaxConcurrency": 5, "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "New", "States": {
                    "New": {"Type": "Succeed"}}}}}});
        let changed = |name: &str, what: &[&str]| {
            let what = what.iter().map(|what| (*what).to_owned()).collect();
            StateChange::Changed(name.to_owned(), what)
        };
        assert_eq!(
            changes(&old, &new),
            [
                StateChange::Machine(vec!["TimeoutSeconds removed (was 5)".to_owned()]),
                changed(
                    "A",
                    &[
                        "TimeoutSeconds: 60 → 90",
                        "Arguments.a: 1 → 2",
                        "Retry: X (MaxAttempts: 2 → 3); no longer Y; new Z",
                        "Catch added",
                    ]
                ),
                changed(
                    "Each",
                    &[
                        "ItemProcessor.ProcessorConfig.Mode: INLINE → DISTRIBUTED",
                        "ItemProcessor.StartAt: In → New"
                    ]
                ),
                StateChange::Removed("In".to_owned(), "Pass".to_owned()),
                StateChange::Added("New".to_owned(), "Succeed".to_owned()),
            ]
        );
        assert_eq!(changes(&old, &old), []);
    }
}
