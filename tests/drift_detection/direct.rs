//! The deployed use case through other doors than the program's, and across a power cut.

use harness::{House, python};
use serde_json::{Value, json};

#[test]
fn the_state_machine_defends_itself_and_survives_a_power_cut() {
    let Some(python) = python() else { return };
    // Nothing but the disk carries over a power cut.
    let mut house = House::start(&["--fast"]);
    let deployed = house.footwork_json(&["deploy", "drift-detection", "--local"]);
    let machine = deployed["outputs"]["StateMachineArn"].as_str().unwrap();

    let input = json!({"maxConcurrency": -1, "include": ["a/b"], "incude": []}).to_string();
    let start = [
        "stepfunctions",
        "start-execution",
        "--state-machine-arn",
        machine,
    ];
    let started = house.aws(&python, &[&start[..], &["--input", &input]].concat());
    let execution = started["executionArn"].as_str().unwrap();
    let of = ["--execution-arn", execution];
    let ended = loop {
        let described = [&["stepfunctions", "describe-execution"][..], &of].concat();
        let described = house.aws(&python, &described);
        if described["status"] != "RUNNING" {
            break described;
        }
    };
    assert_eq!(ended["status"], "FAILED", "{ended}");
    assert_eq!(ended["error"], "Drift.InvalidInput", "{ended}");
    let cause = ended["cause"].as_str().unwrap();
    for fault in ["maxConcurrency", "include[0]", "did you mean `include`?"] {
        assert!(cause.contains(fault), "`{fault}` is not in: {cause}");
    }
    let history = [&["stepfunctions", "get-execution-history"][..], &of].concat();
    let history = house.aws(&python, &history);
    let events = history["events"].as_array().unwrap().iter();
    let entered: Vec<_> = events
        .filter_map(|event| event["stateEnteredEventDetails"]["name"].as_str())
        .collect();
    assert_eq!(entered, ["Plan"]);

    let what = ["cloudformation", "describe-stack-resources", "--stack-name"];
    let resources = house.aws(
        &python,
        &[&what[..], &["footwork-drift-detection"]].concat(),
    );
    let physical = |logical: &str| {
        let mut resources = resources["StackResources"].as_array().unwrap().iter();
        let found = resources.find(|one| one["LogicalResourceId"] == logical);
        found.unwrap()["PhysicalResourceId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (function, group) = (physical("PlanFunction"), physical("PlanLogGroup"));
    let answer = tempfile::NamedTempFile::new().unwrap();
    let path = answer.path().to_str().unwrap();
    let invoke = ["lambda", "invoke", "--function-name", &function];
    let invoked = house.aws(
        &python,
        &[&invoke[..], &["--payload", r#"{"odd": 1}"#, path]].concat(),
    );
    assert_eq!(invoked["StatusCode"], 200, "{invoked}");
    assert_eq!(invoked["FunctionError"], "Unhandled", "{invoked}");
    let error: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(
        error["errorType"].is_string() && error["errorMessage"].is_string(),
        "{error}"
    );

    let filter = ["logs", "filter-log-events", "--log-group-name", &group];
    // `aws logs tail` of version 2 of the AWS CLI is this call, again and again.
    let reports = house.aws(
        &python,
        &[&filter[..], &["--filter-pattern", "REPORT"]].concat(),
    );
    assert_eq!(reports["events"].as_array().unwrap().len(), 2, "{reports}");

    house.kill();
    house.restart(&["--fast"]);
    let status = house.footwork_json(&["status", "--local"]);
    assert_eq!(status[0]["lastRun"]["status"], "FAILED", "{status}");
    let run = house.footwork_json(&["run", "drift-detection", "--local"]);
    assert_eq!(run["status"], "SUCCEEDED", "{run}");
    assert_eq!(run["output"]["drifted"], 0, "{run}");
}
