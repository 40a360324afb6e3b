//! Other people's templates: exactly the changes that were made are reported.

use std::collections::BTreeSet;

use harness::{House, python, root, shared};
use serde_json::{Value, json};

use crate::case::Case;

#[test]
fn exactly_what_changed_is_reported() {
    let (Some(python), Some(templates)) = (python(), shared("real-templates/widdix")) else {
        return;
    };
    let house = House::start(&["--memory", "--fast"]);
    let deployed = house.footwork(&["deploy", "drift-detection", "--local"]);
    assert!(
        deployed.status.success(),
        "{}",
        String::from_utf8_lossy(&deployed.stderr)
    );
    let folder = root().join("tests/drift_detection/cases");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let case = Case::read(&path);
        case.deploy(&house, &python, &templates);
        // Before the changes nothing may be reported: the comparison itself must not invent drift.
        let (_, found) = report(&house, &case, "before");
        assert!(
            found.is_empty(),
            "{}, before any change: {found:#?}",
            case.about
        );
        case.change(&house, &python);
        let (summary, found) = report(&house, &case, "after");
        let expected: BTreeSet<_> = case.differences.iter().map(Value::to_string).collect();
        let found: BTreeSet<_> = found.iter().map(Value::to_string).collect();
        assert_eq!(found, expected, "{}", case.about);
        assert_eq!(summary["failed"], 0, "{summary}");
    }
}

/// Runs the workflow over the case's stacks and reads the differences out of the JSON report.
fn report(house: &House, case: &Case, when: &str) -> (Value, Vec<Value>) {
    let names: Vec<_> = case
        .stacks
        .iter()
        .map(|stack| stack.name.as_str())
        .collect();
    let input = json!({"include": names}).to_string();
    let run = house.footwork_json(&["run", "drift-detection", "--local", "--input", &input]);
    assert_eq!(run["status"], "SUCCEEDED", "{when}: {run}");
    let output = run["output"].clone();
    let uri = output["jsonUri"].as_str().unwrap();
    let (bucket, key) = uri.strip_prefix("s3://").unwrap().split_once('/').unwrap();
    let report: Value = serde_json::from_str(&house.object(bucket, key)).unwrap();
    let mut found = Vec::new();
    for stack in report["stacks"].as_array().unwrap() {
        for difference in stack["differences"].as_array().unwrap() {
            found.push(json!({
                "stack": stack["stackName"],
                "logicalId": difference["logicalId"],
                "path": difference["path"],
                "difference": difference["difference"],
                "expected": difference["expected"],
                "actual": difference["actual"],
            }));
        }
    }
    (output, found)
}
