//! A case that was played, and what is to be said of it.

use std::path::PathBuf;

use asl::{Details, Event, Execution, Kind};
use serde_json::{Map, Value, json};

use crate::bill::{self, Bill};
use crate::case::{Case, Settings};
use crate::coverage::Coverage;
use crate::difference::{Difference, differences};
use crate::fault::Fault;
use crate::play::{self, Begin, Played};
use crate::workflow::{self, Workflow};

/// Members of `expected.json` that are compared only if it has them.
const OPTIONAL: [&str; 2] = ["calls", "seconds"];

/// How cases are played.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Compare results in `world.json` with the shapes of the APIs that they stand for.
    pub check_results: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            check_results: true,
        }
    }
}

/// A case that was played.
#[derive(Debug)]
pub struct Run {
    /// Name of the case.
    pub name: String,
    /// Its folder, or the file that it is from.
    pub path: PathBuf,
    /// What happened, in the words of `expected.json`, with all of its optional members.
    pub result: Value,
    /// What is wrong with the case itself: calls without an answer, answers without a call, results
    /// that no such API has.
    pub complaints: Vec<String>,
    /// Where what happened is not what was expected.
    pub differences: Vec<Difference>,
    /// Whether there was an expectation to compare with.
    pub was_expected: bool,
    /// What AWS would bill. Of a state alone, the states that stand in for others are billed too.
    pub bill: Bill,
    /// Which parts of the definition it tried.
    pub coverage: Coverage,
    expected_file: PathBuf,
    expected: Option<Value>,
}

impl Run {
    /// Plays a case.
    pub fn of(workflow: &Workflow, case: &Case, options: Options) -> Result<Self, Vec<Fault>> {
        let wrong = |message| vec![Fault::new(case.path.join("case.json"), message)];
        let alone = case.settings.state.as_ref();
        let alone = alone.map(|state| workflow::alone(workflow, state, &case.settings.variables));
        let alone = alone.transpose().map_err(wrong)?;
        let machine = &alone.as_ref().unwrap_or(workflow).machine;
        let mut world = case.world.clone();
        let begin = Begin {
            machine,
            name: &workflow.name,
            execution: &case.settings.name,
            input: &case.input,
            at: case.settings.started_at,
            kind: case.settings.kind,
        };
        let played = play::play(&begin, &mut world);
        let mut complaints = world.complaints();
        if options.check_results && case.settings.check_results {
            complaints.extend(crate::shape::complaints(&played.results));
        }
        let bill = bill::of(&played.executions);
        let result = result(&played, &bill, world.calls(), &case.settings);
        let expected = case.expected.clone();
        let of_it = asked_for(&result, expected.as_ref().unwrap_or(&Value::Null));
        Ok(Self {
            name: case.name.clone(),
            path: case.path.clone(),
            complaints,
            differences: expected
                .as_ref()
                .map(|expected| differences(expected, &of_it))
                .unwrap_or_default(),
            was_expected: expected.is_some(),
            coverage: tried(workflow, &played.executions, alone.is_some()),
            result,
            bill,
            expected_file: case.expected_file.clone(),
            expected,
        })
    }

    /// Whether all is as expected. A case without an expectation passes when nothing is wrong with
    /// its world.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.complaints.is_empty() && self.differences.is_empty()
    }

    /// Writes what happened over what was expected; says whether that changed anything.
    pub fn update(&self) -> Result<bool, Fault> {
        let expected = self.expected.as_ref();
        if expected.is_some() && self.differences.is_empty() {
            return Ok(false);
        }
        let told = asked_for(&self.result, expected.unwrap_or(&Value::Null));
        let told = in_order(told, expected);
        let folder = self.expected_file.parent();
        folder
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&self.expected_file, format!("{told:#}\n")))
            .map_err(|error| Fault::new(&self.expected_file, error))?;
        Ok(true)
    }
}

fn result(played: &Played, bill: &Bill, calls: Map<String, Value>, settings: &Settings) -> Value {
    let mut result = played.result.clone();
    match &settings.state {
        Some(state) => {
            let events = played.executions.first().map(Execution::events);
            only_the_state(&mut result, state, events.unwrap_or_default());
        }
        None if settings.kind == Kind::Standard => {
            result["billedTransitions"] = bill.transitions().into();
        }
        None => {}
    }
    result["seconds"] = json!(played.seconds);
    result["calls"] = calls.into();
    result
}

/// Of a state alone: instead of the states entered, which one would be next and what it assigned.
fn only_the_state(result: &mut Value, state: &str, events: &[Event]) {
    if let Some(members) = result.as_object_mut() {
        members.remove("states");
    }
    let exit = events.iter().rev().find_map(|event| match &event.details {
        Details::StateExited { name, assigned, .. } if name.as_ref() == state => {
            Some((event.id, assigned))
        }
        _ => None,
    });
    let Some((exit, assigned)) = exit else {
        return;
    };
    let next = events.iter().find_map(|event| match &event.details {
        Details::StateEntered { name, .. } if event.previous_id == exit => Some(name.as_ref()),
        _ => None,
    });
    if let Some(next) = next {
        result["next"] = next.into();
    }
    if !assigned.is_empty() {
        let assigned = assigned.iter();
        let assigned: Map<_, _> = assigned
            .map(|(name, value)| (name.to_string(), value.value().clone()))
            .collect();
        result["assigned"] = assigned.into();
    }
}

/// A state alone ends in stand-ins for the states it leads to, which are none of its own parts.
fn tried(workflow: &Workflow, executions: &[Execution], alone: bool) -> Coverage {
    let mut tried = Coverage::taken(&workflow.definition, executions);
    if alone {
        let possible = Coverage::possible(&workflow.definition);
        tried.ways.retain(|way| possible.ways.contains(way));
        tried.states.retain(|state| possible.states.contains(state));
        let left: Vec<_> = tried.ways.iter().filter_map(|way| way.to.clone()).collect();
        tried.states.retain(|state| !left.contains(state));
        tried.ways.retain(|way| !left.contains(&way.from));
    }
    tried
}

/// Members in the order in which they were written before, so that only what changed is different.
fn in_order(told: Value, before: Option<&Value>) -> Value {
    let before = before.and_then(Value::as_object);
    let (Value::Object(mut told), Some(before)) = (told.clone(), before) else {
        return told;
    };
    let known: Vec<_> = before
        .keys()
        .filter_map(|name| Some((name.clone(), told.shift_remove(name)?)))
        .collect();
    known.into_iter().chain(told).collect()
}

/// The result without what `expected` need not say and does not say. A state that it names and
/// that was not called has an empty list of calls.
fn asked_for(result: &Value, expected: &Value) -> Value {
    let mut result = result.clone();
    let Some(members) = result.as_object_mut() else {
        return result;
    };
    members.retain(|name, _| !OPTIONAL.contains(&name.as_str()) || expected.get(name).is_some());
    if let Some(Value::Object(named)) = expected.get("calls") {
        let made = members.get("calls").cloned().unwrap_or_default();
        let calls = named.keys().map(|state| {
            let calls = made.get(state).cloned();
            (state.clone(), calls.unwrap_or_else(|| json!([])))
        });
        let calls: Map<_, _> = calls.collect();
        members.insert("calls".to_owned(), calls.into());
    }
    result
}
