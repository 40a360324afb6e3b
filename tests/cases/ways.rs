//! Ways through a workflow: from one state to the next, as written and as taken.

use std::collections::BTreeSet;

use asl::{Details, Execution};
use serde_json::Value;

/// From a state to another, or to the end.
pub(crate) type Way = (String, Option<String>);

/// Names of the states that an execution entered, in order.
pub(crate) fn states(execution: &Execution) -> Vec<&str> {
    let entered = execution
        .events()
        .iter()
        .filter_map(|event| match &event.details {
            Details::StateEntered { name, .. } => Some(name.as_ref()),
            _ => None,
        });
    entered.collect()
}

/// The ways that a definition has, those of processors and branches included.
pub(crate) fn in_definition(definition: &Value) -> BTreeSet<Way> {
    let mut ways = BTreeSet::new();
    collect(definition, &mut ways);
    ways
}

fn collect(definition: &Value, ways: &mut BTreeSet<Way>) {
    for (name, state) in definition["States"].as_object().unwrap() {
        let choices = state["Choices"].as_array().into_iter().flatten();
        let catchers = state["Catch"].as_array().into_iter().flatten();
        let mut next: Vec<_> = choices.chain(catchers).map(|rule| &rule["Next"]).collect();
        next.extend(
            ["Next", "Default"]
                .iter()
                .filter_map(|field| state.get(*field)),
        );
        let next = next
            .into_iter()
            .map(|next| next.as_str().map(str::to_owned));
        ways.extend(next.map(|next| (name.clone(), next)));
        if state["End"] == true || matches!(state["Type"].as_str(), Some("Succeed" | "Fail")) {
            ways.insert((name.clone(), None));
        }
        if let Some(processor) = state.get("ItemProcessor") {
            collect(processor, ways);
        }
        for branch in state["Branches"].as_array().into_iter().flatten() {
            collect(branch, ways);
        }
    }
}

/// The ways that an execution and its children took, by the `states` of a result. Where one
/// failed, its last state led nowhere.
pub(crate) fn taken(result: &Value) -> BTreeSet<Way> {
    let states = result["states"].as_array().unwrap();
    let states: Vec<_> = states.iter().filter_map(Value::as_str).collect();
    let mut ways: BTreeSet<Way> = states
        .windows(2)
        .map(|pair| (pair[0].to_owned(), Some(pair[1].to_owned())))
        .collect();
    if let (Some(last), true) = (states.last(), result["status"] == "SUCCEEDED") {
        ways.insert(((*last).to_owned(), None));
    }
    for child in result["children"].as_array().into_iter().flatten() {
        ways.extend(taken(child));
    }
    ways
}
