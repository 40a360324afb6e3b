//! Commands that work on files alone: what they find, what they write, how they end.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::process::{Command, Output};

use harness::{program, root};
use serde_json::Value;

fn footwork(arguments: &[&str], folder: &std::path::Path) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(folder);
    command.output().unwrap()
}

/// A workflow of one's own with a fault of every kind.
fn broken() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        "workflow.asl.json",
        r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Gone",
            "Parameters": {"QueueUrl": "${Queue}", "Body": "x"}}}}"#,
    );
    put(
        "template.yaml",
        "Resources:\n  Machine:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      \
         DefinitionS3Location: workflow.asl.json\n      DefinitionSubstitutions:\n        Topic: x\n",
    );
    put("input.schema.json", r#"{"required": ["id"]}"#);
    put("examples/none.json", "{}");
    put("cases/one/world.json", "[]");
    folder
}

#[test]
fn validate_tells_every_fault_of_every_file() {
    let folder = broken();
    let output = footwork(
        &["validate", "-o", "json", "--sarif", "r.sarif"],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(3));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found: Vec<_> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let file = finding["file"].as_str().unwrap().trim_start_matches("./");
            format!("{file} {}", finding["code"].as_str().unwrap())
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "cases/one/world.json CASE",
            "examples/none.json INPUT",
            "template.yaml RESOURCE_PROPERTY",
            "template.yaml UNUSED_SUBSTITUTION",
            "workflow.asl.json MISSING_END_STATE",
            "workflow.asl.json MISSING_TRANSITION_TARGET",
            "workflow.asl.json SCHEMA_VALIDATION_FAILED",
            "workflow.asl.json SCHEMA_VALIDATION_FAILED",
            "workflow.asl.json UNDEFINED_SUBSTITUTION",
        ],
        "{told:#}"
    );
    let sarif = fs::read_to_string(folder.path().join("r.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 9);
}

#[test]
fn format_writes_what_check_asks_for() {
    let folder = broken();
    let ends = |arguments: &[&str]| footwork(arguments, folder.path()).status.code();
    assert_eq!(ends(&["format", "--check"]), Some(1));
    assert_eq!(ends(&["format"]), Some(0));
    assert_eq!(ends(&["format", "--check"]), Some(0));
    fs::write(folder.path().join("x.asl.json"), "{").unwrap();
    assert_eq!(ends(&["format"]), Some(2));
}

#[test]
fn test_ends_as_its_cases_do() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("cases/one");
    fs::create_dir_all(&case).unwrap();
    let definition = root().join("crates/cases/tests/local/Orders.asl.json");
    fs::copy(definition, folder.path().join("workflow.asl.json")).unwrap();
    let world = r#"{"Find": {"0": {"Return": {"StatusCode": 200, "Payload": 1}}},
        "Send": {"0": {"Return": {"MessageId": "m"}}}}"#;
    fs::write(case.join("world.json"), world).unwrap();
    let ends = |arguments: &[&str]| footwork(arguments, folder.path()).status.code();
    assert_eq!(ends(&["test", "--update"]), Some(0));
    assert_eq!(ends(&["test", "--junit", "j.xml"]), Some(0));
    assert_eq!(ends(&["test", "--strict"]), Some(1), "no case retries");
    fs::write(case.join("expected.json"), r#"{"status": "FAILED"}"#).unwrap();
    assert_eq!(ends(&["test", "--junit", "j.xml"]), Some(1));
    let report = fs::read_to_string(folder.path().join("j.xml")).unwrap();
    assert!(report.contains("failures=\"1\""), "{report}");
    fs::write(case.join("world.json"), "{").unwrap();
    assert_eq!(ends(&["test"]), Some(2));
}
