//! Formulas of small machines, and of the shipped ones.

use serde_json::json;

use super::*;

/// The two formulas, and the unknowns by their states.
fn formulas(definition: &Value) -> (String, String, Vec<String>) {
    let worst = of(definition).unwrap();
    let names = ["a", "b", "c", "d", "e"].map(str::to_owned);
    let states = worst.unknowns.iter().map(|unknown| unknown.state.clone());
    (
        worst.smooth.written(&names),
        worst.retried.written(&names),
        states.collect(),
    )
}

fn machine(states: &Value) -> Value {
    let start = states.as_object().unwrap().keys().next().unwrap();
    json!({"StartAt": start, "States": states})
}

#[test]
fn the_longest_way_counts_with_all_its_retries() {
    let retry = json!([{"ErrorEquals": ["X"], "MaxAttempts": 2}, {"ErrorEquals": ["Y"]},
        {"ErrorEquals": ["Z"], "MaxAttempts": 0}]);
    let definition = machine(&json!({
        "Ask": {"Type": "Task", "Retry": retry, "Next": "End", "Catch": [{"Next": "Tell"}]},
        "Tell": {"Type": "Pass", "Next": "End"},
        "End": {"Type": "Succeed"},
    }));
    assert_eq!(
        formulas(&definition),
        ("3".to_owned(), "8".to_owned(), vec![])
    );
}

#[test]
fn maps_and_parallels_hold_what_is_in_them() {
    let one = machine(&json!({"Do": {"Type": "Pass", "End": true}}));
    let two =
        machine(&json!({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}));
    let express = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "X", "States": {"X": {"Type": "Pass", "End": true}}});
    let definition = machine(&json!({
        "Both": {"Type": "Parallel", "Branches": [one, two], "Next": "Each",
            "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}]},
        "Each": {"Type": "Map", "ItemProcessor": one, "Next": "Batches",
            "ItemReader": {"ReaderConfig": {"MaxItems": 10}}},
        "Batches": {"Type": "Map", "ItemProcessor": two, "Next": "Quick", "Items": [1, 2, 3],
            "ItemBatcher": {"MaxItemsPerBatch": 2}},
        "Quick": {"Type": "Map", "ItemProcessor": express, "End": true},
    }));
    let (smooth, retried, states) = formulas(&definition);
    assert_eq!(smooth, "7 + a + 2 b");
    assert_eq!(retried, "11 + a + 2 b");
    assert_eq!(states, ["Each", "Batches"]);
    let worst = of(&definition).unwrap();
    let bounds: Vec<_> = worst.unknowns.iter().map(|unknown| unknown.bound).collect();
    assert_eq!(bounds, [Some(10), Some(2)]);
    assert_eq!(worst.express, ["Quick"]);
}

#[test]
fn loops_within_loops_have_a_count_each() {
    let definition = machine(&json!({
        "Start": {"Type": "Task", "Next": "Wait"},
        "Wait": {"Type": "Wait", "Next": "Look"},
        "Look": {"Type": "Task", "Next": "Done?"},
        "Done?": {"Type": "Choice", "Choices": [{"Next": "Again?"}, {"Next": "End"}], "Default": "Wait"},
        "Again?": {"Type": "Choice", "Choices": [{"Next": "Start"}], "Default": "End"},
        "End": {"Type": "Succeed"},
    }));
    let (smooth, _, states) = formulas(&definition);
    assert_eq!(states, ["Wait", "Start"]);
    // Start, Wait, Look, Done?, Again?, End; 3 more for each look; 5 and its looks for a new start.
    assert_eq!(smooth, "6 + 3 a + 5 b + 3 a b");
}

#[test]
fn ways_that_exclude_each_other_are_bounded_together() {
    let one = machine(&json!({"Do": {"Type": "Pass", "End": true}}));
    let definition = machine(&json!({
        "Which?": {"Type": "Choice", "Choices": [{"Next": "Each"}], "Default": "First"},
        "Each": {"Type": "Map", "ItemProcessor": one, "End": true},
        "First": {"Type": "Pass", "Next": "Second"},
        "Second": {"Type": "Pass", "End": true},
    }));
    assert_eq!(formulas(&definition).0, "3 + a");
}

#[test]
fn many_loops_in_a_row_are_no_work() {
    let mut states = serde_json::Map::new();
    for at in 0..2000 {
        let choice = json!({"Type": "Choice", "Choices": [{"Next": format!("s{at}")}],
            "Default": format!("s{}", at + 1)});
        states.insert(format!("s{at}"), choice);
    }
    states.insert("s2000".to_owned(), json!({"Type": "Succeed"}));
    let worst = of(&machine(&states.into())).unwrap();
    assert_eq!(worst.unknowns.len(), 2000);
    assert_eq!(worst.smooth.value(&vec![Some(0); 2000]), Some(2001));
}

#[test]
fn every_state_leading_to_every_other_is_refused_in_time() {
    let names: Vec<String> = (0..40).map(|at| format!("s{at}")).collect();
    let choices: Vec<_> = names.iter().map(|name| json!({"Next": name})).collect();
    let states = names
        .iter()
        .map(|name| (name.clone(), json!({"Type": "Choice", "Choices": choices})));
    let states: serde_json::Map<_, _> = states.collect();
    let what = of(&machine(&states.into())).unwrap_err().what;
    assert!(what.contains("too tangled"), "{what}");
}

#[test]
fn no_case_of_a_shipped_workflow_takes_more_than_its_formula() {
    for case in crate::catalogue::USE_CASES {
        let suite = cases::Suite::of_texts(case.name, &crate::kit::files(case.name).unwrap());
        let suite = suite.unwrap();
        let worst = of(&suite.workflow.definition).unwrap();
        let unknowns = worst.unknowns.iter();
        let unknowns: Vec<_> = unknowns.map(|_| Some(3)).collect();
        let most = worst.retried.value(&unknowns).unwrap();
        for one in &suite.cases {
            let run = cases::Run::of(&suite.workflow, one, cases::Options::default()).unwrap();
            assert!(run.bill.transitions() <= most, "{} {}", case.name, run.name);
        }
    }
}
