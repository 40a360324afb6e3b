//! The state to test: found in a definition, and made a machine of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use asl::{Kind, Pattern, Resource, StateMachine};
use serde_json::{Map, Value, json};

use crate::AwsError;
use crate::states::definition;

/// Every state that is tested has this name, as its context object shows.
pub(super) const NAME: &str = "StateName";

/// A state to test.
#[derive(Debug)]
pub(super) struct Subject {
    state: Map<String, Value>,
    /// That of the machine, which states need not repeat.
    language: Option<Value>,
}

impl Subject {
    /// Reads a definition: of a state or, where a name is given, of a machine that has the state.
    pub(super) fn find(text: &str, name: Option<&str>) -> Result<Self, AwsError> {
        let Some(name) = name else {
            let state = match serde_json::from_str(text) {
                Ok(Value::Object(state)) => state,
                _ => {
                    return Err(definition::refuse(&definition::diagnose(
                        text,
                        Kind::Standard,
                    )));
                }
            };
            let subject = Self {
                state,
                language: None,
            };
            subject.machine(true)?;
            return Ok(subject);
        };
        let machine: Value = serde_json::from_str(text).unwrap_or_default();
        let found = find(&machine, name);
        if machine.get("States").is_some() {
            definition::check(text, Kind::Standard)?;
        }
        let state = found.ok_or_else(|| AwsError::validation("State not found in definition"))?;
        Ok(Self {
            state: state.clone(),
            language: machine.get("QueryLanguage").cloned(),
        })
    }

    /// `Pass`, `Task`, …
    pub(super) fn kind(&self) -> &str {
        self.text("Type")
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.field(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.state.get(name)
    }

    /// Whether it picks the items out of what its reader reads.
    pub(super) fn has_items_pointer(&self) -> bool {
        let reader = self.field("ItemReader");
        reader.is_some_and(|reader| reader.pointer("/ReaderConfig/ItemsPointer").is_some())
    }

    /// What its task waits for, if it is one.
    pub(super) fn pattern(&self) -> Option<Pattern> {
        match self.resource()? {
            Resource::Lambda { .. } | Resource::Activity { .. } => Some(Pattern::RequestResponse),
            Resource::Optimised { pattern, .. } | Resource::Sdk { pattern, .. } => Some(pattern),
        }
    }

    pub(super) fn resource(&self) -> Option<Resource> {
        self.machine(true).ok()?.first_resource().cloned()
    }

    /// Whether its result is not known before it was run.
    pub(super) fn needs_a_run(&self) -> bool {
        matches!(self.kind(), "Task" | "Wait")
    }

    /// The state as a machine, with a state for each that it may go on to. Without its retriers and
    /// catchers, an error ends the machine.
    pub(super) fn machine(&self, with_errors: bool) -> Result<Arc<StateMachine>, AwsError> {
        let mut state = self.state.clone();
        if !with_errors {
            state.shift_remove("Retry");
            state.shift_remove("Catch");
        }
        let mut others = BTreeSet::new();
        targets(&state, &mut others);
        let mut states = Map::new();
        states.insert(NAME.to_owned(), Value::Object(state));
        for name in others {
            let next = json!({ "Type": "Succeed" });
            states.entry(name).or_insert(next);
        }
        let mut machine = json!({ "StartAt": NAME, "States": states });
        if let Some(language) = &self.language {
            machine["QueryLanguage"] = language.clone();
        }
        let text = machine.to_string();
        let (parsed, mut found) = StateMachine::parse_with(&text, integrations::apis());
        found.retain(asl::Diagnostic::is_error);
        match parsed {
            Some(parsed) if found.is_empty() => Ok(parsed),
            // Places are told within this machine, as on AWS.
            _ => Err(definition::refuse(&found)),
        }
    }
}

/// A state of a machine, or of a branch or processor inside of it.
fn find<'a>(program: &'a Value, name: &str) -> Option<&'a Map<String, Value>> {
    let states = program.get("States")?.as_object()?;
    if let Some(Value::Object(state)) = states.get(name) {
        return Some(state);
    }
    let mut states = states.values().filter_map(Value::as_object);
    states.find_map(|state| inside(state).find_map(|program| find(program, name)))
}

/// The branches or the processor of a state.
fn inside(state: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let branches = state.get("Branches").and_then(Value::as_array);
    let processors = [state.get("ItemProcessor"), state.get("Iterator")];
    let processors = processors.into_iter().flatten();
    processors.chain(branches.into_iter().flatten())
}

/// Names of the states that a state may go on to.
fn targets(state: &Map<String, Value>, names: &mut BTreeSet<String>) {
    let mut add = |value: Option<&Value>| {
        let name = value.and_then(Value::as_str).filter(|name| *name != NAME);
        names.extend(name.map(str::to_owned));
    };
    add(state.get("Next"));
    add(state.get("Default"));
    for list in ["Choices", "Catch"] {
        let entries = state.get(list).and_then(Value::as_array);
        for entry in entries.into_iter().flatten() {
            add(entry.get("Next"));
        }
    }
}
