//! A workflow and its cases, as they are in their folders.

use std::fs;
use std::sync::Arc;

use asl::StateMachine;
use harness::{folders, read, root};
use serde_json::{Map, Value, json};

use crate::world::World;
use crate::{bill, diff, host};

/// Members of `expected.json` that are compared only if it has them.
const OPTIONAL: [&str; 2] = ["calls", "seconds"];

/// A workflow.
pub(crate) struct Workflow {
    /// `workflows/<name>`.
    pub(crate) folder: String,
    /// Its name.
    pub(crate) name: String,
    /// Its definition.
    pub(crate) definition: Value,
    machine: Arc<StateMachine>,
}

impl Workflow {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        folders("workflows")
            .iter()
            .map(|name| Self::named(name))
            .collect()
    }

    /// One.
    pub(crate) fn named(name: &str) -> Self {
        let folder = format!("workflows/{name}");
        let definition = substitute(&read(format!("{folder}/workflow.asl.json")));
        let (machine, diagnostics) = StateMachine::parse(&definition);
        Self {
            machine: machine.unwrap_or_else(|| panic!("{folder}: {diagnostics:#?}")),
            definition: serde_json::from_str(&definition).unwrap(),
            name: name.to_owned(),
            folder,
        }
    }
}

/// A case that was played.
pub(crate) struct Case {
    /// Its folder.
    pub(crate) folder: String,
    /// What happened, in the words of `expected.json`.
    pub(crate) result: Value,
    /// What is wrong with its world.
    complaints: Vec<String>,
}

impl Case {
    /// Plays a case.
    pub(crate) fn play(workflow: &Workflow, name: &str) -> Self {
        let folder = format!("{}/cases/{name}", workflow.folder);
        let mut world = World::parse(&read(format!("{folder}/world.json")))
            .unwrap_or_else(|error| panic!("{folder}/world.json: {error}"));
        let input = read(format!("{folder}/input.json"));
        let run = host::run(&workflow.name, &workflow.machine, &input, &mut world);
        let mut result = run.root.clone();
        let calls = Value::Object(world.calls());
        result["calls"] = calls;
        result["seconds"] = run.seconds.into();
        result["billedTransitions"] = bill::transitions(&run.executions).into();
        Self {
            folder,
            result,
            complaints: world.complaints(),
        }
    }

    /// Compares with `expected.json`, or rewrites it if the environment says so.
    pub(crate) fn verdict(&self) -> Result<(), String> {
        let path = root().join(&self.folder).join("expected.json");
        let text = fs::read_to_string(&path).unwrap_or_else(|_| "{}".to_owned());
        let expected: Value = serde_json::from_str(&text).unwrap();
        let result = asked_for(&self.result, &expected);
        let mut faults = self.complaints.clone();
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(&path, format!("{result:#}\n")).unwrap();
        } else {
            faults.extend(diff::differences(&expected, &result));
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(format!("{}:\n{}", self.folder, faults.join("\n")))
    }
}

/// The result without what `expected` need not say and does not say. A state that it names and
/// that was not called has an empty list of calls.
fn asked_for(result: &Value, expected: &Value) -> Value {
    let mut result = result.clone();
    let members = result.as_object_mut().unwrap();
    members.retain(|name, _| !OPTIONAL.contains(&name.as_str()) || expected.get(name).is_some());
    if let Some(Value::Object(named)) = expected.get("calls") {
        let calls = named.keys().map(|state| {
            let calls = members["calls"].get(state).cloned();
            (state.clone(), calls.unwrap_or_else(|| json!([])))
        });
        let calls: Map<_, _> = calls.collect();
        members["calls"] = calls.into();
    }
    result
}

/// Puts a value in place of every `${Name}`: the name in lower case, `report-bucket` for
/// `${ReportBucket}`.
fn substitute(text: &str) -> String {
    let mut parts = text.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part
            .split_once('}')
            .unwrap_or_else(|| panic!("`${{{part}`"));
        for (at, letter) in name.char_indices() {
            if letter.is_uppercase() && at > 0 {
                filled.push('-');
            }
            filled.extend(letter.to_lowercase());
        }
        filled.push_str(rest);
    }
    filled
}
