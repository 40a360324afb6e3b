//! The template's schedule fires by itself, on the clock of the local AWS.

use harness::{House, python};

#[test]
fn a_schedule_starts_a_run_a_day() {
    let Some(python) = python() else { return };
    let house = House::start(&["--memory", "--fast"]);
    let schedule = ["--param", "Schedule=rate(1 day)"];
    house.footwork_json(&[&["deploy", "drift-detection", "--local"], &schedule[..]].concat());

    // A schedule alone does not make virtual time pass: an idle clock would run away. Three days
    // pass while something waits for them.
    let definition = r#"{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 260000, "End": true}}}"#;
    let role = "arn:aws:iam::000000000000:role/calendar";
    let create = [
        "stepfunctions",
        "create-state-machine",
        "--name",
        "calendar",
        "--role-arn",
        role,
    ];
    let machine = house.aws(
        &python,
        &[&create[..], &["--definition", definition]].concat(),
    );
    let machine = machine["stateMachineArn"].as_str().unwrap();
    let start = [
        "stepfunctions",
        "start-execution",
        "--state-machine-arn",
        machine,
    ];
    let execution = house.aws(&python, &start)["executionArn"].clone();
    let describe = [
        "stepfunctions",
        "describe-execution",
        "--execution-arn",
        execution.as_str().unwrap(),
    ];
    while house.aws(&python, &describe)["status"] == "RUNNING" {}

    let history = house.footwork_json(&["history", "drift-detection", "--local"]);
    let statuses: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["status"].clone())
        .collect();
    assert_eq!(statuses, ["SUCCEEDED"; 3], "{history}");
}
