//! What the README of drift detection says of its cost, against its cases.

use cases::Run;
use serde_json::Value;

use crate::{play, suites};

/// The executions of a result: the parent and its children.
fn executions(result: &Value) -> Vec<&Value> {
    let children = result["children"].as_array().into_iter().flatten();
    std::iter::once(result).chain(children).collect()
}

/// How often a state was entered, in all executions.
fn entered(result: &Value, state: &str) -> usize {
    let states = executions(result).into_iter();
    let states = states.flat_map(|execution| execution["states"].as_array().unwrap());
    states.filter(|name| *name == state).count()
}

/// Calls of tasks beyond the first of each time that their state was entered.
fn retries(result: &Value) -> usize {
    let calls = result["calls"].as_object().unwrap().iter();
    let retries =
        calls.map(|(state, calls)| calls.as_array().unwrap().len() - entered(result, state));
    retries.sum()
}

/// The formula of the README, with all that it adds.
fn formula(case: &Run) -> usize {
    let result = &case.result;
    let message = entered(result, "Send notification");
    if entered(result, "Check stacks") == 0 {
        return 5 + message + retries(result);
    }
    let stacks = executions(result).len() - 1;
    let looks = entered(result, "Read detection status");
    let further_attempts = entered(result, "Wait before another attempt");
    let given_up = entered(result, "Worth another attempt?") - further_attempts;
    let trouble = 3 * further_attempts + given_up + retries(result);
    6 + 4 * stacks + 3 * looks + message + trouble
}

#[test]
fn cost_is_as_written() {
    let mut compared = 0;
    let suites = suites();
    let mut suites = suites.iter();
    let suite = suites.find(|suite| suite.workflow.name == "drift-detection");
    for case in play(suite.unwrap()) {
        let result = &case.result;
        let cut_short = entered(result, "Read detection status")
            > entered(result, "Detection done?")
            || executions(result).len() - 1 > entered(result, "Drifted?")
            || result["status"] != "SUCCEEDED";
        if !cut_short {
            assert_eq!(result["billedTransitions"], formula(&case), "{}", case.name);
            compared += 1;
        }
    }
    assert!(compared > 6, "only {compared} cases are comparable");
}
