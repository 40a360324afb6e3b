//! Other people's templates: exactly the changes that were made are reported.

use std::collections::BTreeSet;
use std::path::Path;

use harness::{House, Python, python, root, shared};
use serde_json::{Value, json};

use crate::case::{Case, Difference};

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
    std::thread::scope(|scope| {
        for path in &paths {
            let (house, python, templates) = (&house, &python, &templates);
            scope.spawn(move || check(&Case::read(path), house, python, templates));
        }
    });
}

fn check(case: &Case, house: &House, python: &Python, templates: &Path) {
    let ids = case.deploy(house, python, templates);
    // Before the changes nothing may be reported: the comparison itself must not invent drift.
    let (summary, found) = report(house, case);
    assert!(found.is_empty(), "{}, before: {found:#?}", case.about);
    assert_eq!(summary["drifted"], 0, "{summary}");
    case.change(house, python, &ids);
    let (summary, found) = report(house, case);
    assert_eq!(found, case.expected(&ids), "{}", case.about);
    assert_eq!(summary["failed"], 0, "{summary}");
    assert_eq!(summary["warnings"], 0, "{summary}");
}

/// Runs the workflow over the case's stacks and reads the differences out of the JSON report.
fn report(house: &House, case: &Case) -> (Value, BTreeSet<Difference>) {
    let stacks = case.stacks.iter();
    let names: Vec<_> = stacks.map(|stack| stack.name.as_str()).collect();
    let input = json!({"include": names}).to_string();
    let run = house.footwork_json(&["run", "drift-detection", "--local", "--input", &input]);
    assert_eq!(run["status"], "SUCCEEDED", "{run}");
    let summary = run["output"].clone();
    assert_eq!(summary["stacks"], names.len(), "{summary}");
    let uri = summary["jsonUri"].as_str().unwrap();
    let (bucket, key) = uri.strip_prefix("s3://").unwrap().split_once('/').unwrap();
    let report: Value = serde_json::from_str(&house.object(bucket, key)).unwrap();
    let mut found = BTreeSet::new();
    for stack in report["stacks"].as_array().unwrap() {
        for difference in stack["differences"].as_array().unwrap() {
            let text = |member: &str| difference[member].as_str().map(str::to_owned);
            found.insert(
                Difference {
                    stack: stack["stackName"].as_str().unwrap().to_owned(),
                    logical_id: text("logicalId").unwrap(),
                    path: text("path"),
                    difference: text("difference").unwrap(),
                    expected: text("expected"),
                    actual: text("actual"),
                }
                .settled(),
            );
        }
    }
    (summary, found)
}
