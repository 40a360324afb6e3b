//! `variableReferences`, against what `DescribeStateMachine` was recorded to answer.

use std::collections::BTreeMap;
use std::path::Path;

use asl::StateMachine;
use serde_json::{Value, json};

#[test]
fn references_of_both_query_languages() {
    let definition = json!({
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Assign": {"limit": 3, "count.$": "$.n", "names.$": "$.names"}, "Next": "Each"},
            "Each": {
                "Type": "Map",
                "ItemsPath": "$names",
                "MaxConcurrencyPath": "$limit",
                "ItemProcessor": {
                    "StartAt": "Tell",
                    "States": {"Tell": {
                        "Type": "Pass",
                        "Parameters": {"text.$": "States.Format('{} of {}', $$.Map.Item.Index, $count)"},
                        "End": true
                    }}
                },
                "Next": "Many?"
            },
            "Many?": {
                "Type": "Choice",
                "QueryLanguage": "JSONata",
                "Choices": [{"Condition": "{% ($m := $limit; $count > $m and $sum($names) > 0) %}", "Next": "Set"}],
                "Default": "Done"
            },
            "Done": {"Type": "Succeed"}
        }
    });
    let machine = StateMachine::parse(&definition.to_string()).0.unwrap();
    let expected = [
        ("Each", vec!["limit", "names"]),
        ("Many?", vec!["count", "limit", "names"]),
        ("Tell", vec!["count"]),
    ];
    let expected: BTreeMap<String, Vec<String>> = expected
        .into_iter()
        .map(|(state, names)| (state.into(), names.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(machine.variable_references(), expected);
}

#[test]
#[expect(clippy::print_stdout, reason = "says that it skips, or how many")]
fn recorded_references() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = workspace.join(shared).join("conformance/aws-recorded");
    let Ok(index) = std::fs::read_to_string(folder.join("index.json")) else {
        println!("variables: skipped, there is no conformance/aws-recorded in FOOTWORK_SHARED");
        return;
    };
    let index: Value = serde_json::from_str(&index).unwrap();
    let mut compared = 0;
    for entry in index["vectors"].as_array().unwrap() {
        let path = entry["path"].as_str().unwrap();
        if entry["kind"] != "api" {
            continue;
        }
        let vector = std::fs::read_to_string(folder.join(path)).unwrap();
        let vector: Value = serde_json::from_str(&vector).unwrap();
        let mut definition = None;
        for call in vector["calls"].as_array().unwrap() {
            if let Some(text) = call["request"]["definition"].as_str() {
                definition = Some(text.to_owned());
            }
            let Some(recorded) = call["expected"]["variableReferences"].as_object() else {
                continue;
            };
            let machine = StateMachine::parse(definition.as_deref().unwrap())
                .0
                .unwrap();
            let mut recorded = recorded.clone();
            for names in recorded.values_mut() {
                names
                    .as_array_mut()
                    .unwrap()
                    .sort_by_key(ToString::to_string);
            }
            assert_eq!(
                json!(machine.variable_references()),
                json!(recorded),
                "{path}"
            );
            compared += 1;
        }
    }
    println!("variables: {compared} recorded answers compared");
    assert!(compared > 0);
}
