//! What the README of the Fargate job says of its cost, against its cases.

use serde_json::Value;

use crate::{play, suites};

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

/// How often a state was entered, in the run and in its items.
fn entered(result: &Value, state: &str) -> usize {
    let items = list(result, "children").iter();
    let states = items.chain([result]).flat_map(|one| list(one, "states"));
    states.filter(|name| *name == state).count()
}

/// Calls of tasks beyond the first of each time that their state was entered.
fn retries(result: &Value) -> usize {
    let calls = result["calls"].as_object().unwrap().iter();
    let retries =
        calls.map(|(state, calls)| calls.as_array().unwrap().len() - entered(result, state));
    retries.sum()
}

/// The formula of the README.
fn formula(result: &Value) -> usize {
    let contended = entered(result, "Contend")
        + entered(result, "May it run?")
        + entered(result, "Wait for containers");
    let again = retries(result) + contended;
    if entered(result, "Record skipped run") > 0 {
        return 2 + entered(result, "Lock") + again;
    }
    let failed = 3 * usize::from(result["status"] == "FAILED");
    if entered(result, "Run array") > 0 {
        let items = list(result, "children").len();
        let attempts = 4 * entered(result, "Wait before another attempt at the item");
        let lost = entered(result, "Fail item") + entered(result, "Accept item");
        let failed = usize::from(result["status"] == "FAILED");
        return 7 + items + attempts + 3 * lost + failed + again;
    }
    let ignored =
        2 * usize::from(
            entered(result, "Explain failure") > entered(result, "Wait before another attempt"),
        ) * usize::from(failed == 0);
    5 + 4 * entered(result, "Wait before another attempt") + ignored + failed + again
}

#[test]
fn cost_is_as_written() {
    let suites = suites();
    let mut suites = suites.iter();
    let suite = suites.find(|suite| suite.workflow.name == "fargate-job");
    let mut compared = 0;
    for case in play(suite.unwrap()) {
        let result = &case.result;
        if case.name == "success" {
            assert!(result["billedTransitions"].as_u64().unwrap() <= 7);
        }
        // A run that fails before anything can be recorded costs less.
        let cut_short = entered(result, "Array?") == 0
            && entered(result, "Record skipped run") == 0
            || entered(result, "Run array") > entered(result, "Weigh results");
        if !cut_short {
            assert_eq!(
                result["billedTransitions"],
                formula(result),
                "{}",
                case.name
            );
            compared += 1;
        }
    }
    assert!(compared > 20, "only {compared} cases are comparable");
}
