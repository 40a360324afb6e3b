//! Workflows, their templates and their substitutions fit together.

use std::collections::BTreeSet;

use harness::{folders, read};
use serde_json::Value;

#[test]
fn workflows_are_formatted_and_valid() {
    for name in folders("workflows") {
        let path = format!("workflows/{name}/workflow.asl.json");
        let text = read(&path);
        assert_eq!(
            asl::format(&text).unwrap(),
            text,
            "{path} is not in the canonical layout"
        );
        let (machine, diagnostics) = asl::StateMachine::parse(&text);
        assert!(
            machine.is_some() && diagnostics.is_empty(),
            "{path}: {diagnostics:#?}"
        );
    }
}

#[test]
fn every_substitution_is_defined_and_used() {
    for name in folders("workflows") {
        let used = substitutions(&read(format!("workflows/{name}/workflow.asl.json")));
        let template = read(format!("templates/{name}.yaml"));
        let defined = defined(&template);
        assert_eq!(
            used, defined,
            "{name}: `${{…}}` of the workflow and DefinitionSubstitutions of the template"
        );
    }
}

/// Names in `${…}`.
fn substitutions(text: &str) -> BTreeSet<String> {
    let places = text.split("${").skip(1);
    places
        .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
        .collect()
}

/// Keys directly below `DefinitionSubstitutions:`, by indentation.
fn defined(template: &str) -> BTreeSet<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = template
        .lines()
        .skip_while(|line| line.trim() != "DefinitionSubstitutions:");
    let head = lines.next().map(indent).unwrap_or_default();
    let below = lines.take_while(|line| indent(line) > head);
    below
        .filter(|line| indent(line) == head + 2)
        .filter_map(|line| Some(line.trim().split_once(':')?.0.to_owned()))
        .collect()
}

/// Every Task has a time-out, names the errors it retries and adds jitter; states are phrases.
#[test]
fn tasks_follow_the_rules() {
    for name in folders("workflows") {
        let text = read(format!("workflows/{name}/workflow.asl.json"));
        let definition: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(definition["QueryLanguage"], "JSONata", "{name}");
        let mut seen = 0;
        states(&definition, &mut |state_name, state| {
            seen += 1;
            match state["Type"].as_str().unwrap() {
                "Task" => {
                    assert!(
                        state.get("TimeoutSeconds").is_some(),
                        "{name}: `{state_name}` has no TimeoutSeconds"
                    );
                    let retry = state["Retry"]
                        .as_array()
                        .unwrap_or_else(|| panic!("{name}: `{state_name}` has no Retry"));
                    for retrier in retry {
                        assert_eq!(retrier["JitterStrategy"], "FULL", "{name}: `{state_name}`");
                        let errors = retrier["ErrorEquals"].as_array().unwrap();
                        assert!(
                            !errors.contains(&"States.ALL".into()),
                            "{name}: `{state_name}` retries blindly"
                        );
                    }
                }
                "Choice" => assert!(
                    state_name.ends_with('?'),
                    "{name}: Choice `{state_name}` is no question"
                ),
                _ => {}
            }
        });
        assert!(seen > 3, "{name}");
    }
}

/// Visits all states, also those inside Map and Parallel.
fn states(machine: &Value, visit: &mut impl FnMut(&str, &Value)) {
    for (name, state) in machine["States"].as_object().unwrap() {
        visit(name, state);
        if let Some(processor) = state.get("ItemProcessor") {
            states(processor, visit);
        }
        for branch in state["Branches"].as_array().into_iter().flatten() {
            states(branch, visit);
        }
    }
}
