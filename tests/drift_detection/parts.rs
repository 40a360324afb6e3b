//! The use case in parts, as people use it: deploy, run, status, history, list, show, delete.

use harness::House;
use serde_json::Value;

#[test]
fn a_deployment_from_birth_to_death() {
    let house = House::start(&["--memory", "--fast"]);
    let text = |output: std::process::Output| String::from_utf8(output.stdout).unwrap();

    // Nothing is there yet, and the program says what to do about it.
    let early = house.footwork(&["run", "drift-detection", "--local"]);
    assert_eq!(early.status.code(), Some(2));
    let said = String::from_utf8(early.stderr).unwrap();
    assert!(
        said.contains("footwork deploy drift-detection --local"),
        "{said}"
    );

    // A look at the plan leaves nothing behind: no empty stack, no bucket, no upload.
    let looked = house.footwork(&["deploy", "drift-detection", "--local", "--dry-run"]);
    let said = String::from_utf8(looked.stderr).unwrap();
    assert!(looked.status.success(), "{said}");
    assert!(
        said.contains("+ StateMachine (AWS::StepFunctions::StateMachine)"),
        "{said}"
    );
    let stacks = house.query("cloudformation", "Action=DescribeStacks&Version=2010-05-15");
    assert!(!stacks.contains("<StackName>"), "{stacks}");

    let deployed = house.footwork_json(&["deploy", "drift-detection", "--local"]);
    let machine = deployed["outputs"]["StateMachineArn"].as_str().unwrap();
    assert!(
        machine.starts_with("arn:aws:states:us-east-1:000000000000:stateMachine:"),
        "{deployed}"
    );
    let again = house.footwork(&["deploy", "drift-detection", "--local"]);
    assert!(
        String::from_utf8(again.stderr)
            .unwrap()
            .contains("no changes")
    );
    let second = house.footwork_json(&["deploy", "drift-detection", "--name", "second", "--local"]);
    assert_ne!(
        second["outputs"]["StateMachineArn"],
        deployed["outputs"]["StateMachineArn"]
    );

    // Bad input is refused before it is sent, and by the workflow when it is sent all the same.
    let refused = house.footwork(&[
        "run",
        "drift-detection",
        "--local",
        "--input",
        r#"{"maxConcurrency": -1}"#,
    ]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("maxConcurrency")
    );

    let run = house.footwork_json(&["run", "drift-detection", "--local", "--fail"]);
    assert_eq!(run["status"], "SUCCEEDED", "{run}");
    assert_eq!(run["output"]["drifted"], 0, "{run}");

    let status = house.footwork_json(&["status", "--local"]);
    let names: Vec<_> = status
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["drift-detection", "second"]);
    assert_eq!(status[0]["lastRun"]["status"], "SUCCEEDED");
    let history = house.footwork_json(&["history", "drift-detection", "--local"]);
    let name = history[0]["name"].as_str().unwrap();
    let events = house.footwork_json(&["history", "drift-detection", name, "--local"]);
    let types: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(types.first(), Some(&"ExecutionStarted"));
    assert_eq!(types.last(), Some(&"ExecutionSucceeded"));
    assert!(text(house.footwork(&["list"])).contains("drift-detection"));
    assert!(text(house.footwork(&["show", "drift-detection"])).contains("maxConcurrency"));

    for name in ["second", "drift-detection"] {
        let deleted = house.footwork(&["delete", name, "--local"]);
        assert!(
            deleted.status.success(),
            "{}",
            String::from_utf8_lossy(&deleted.stderr)
        );
    }
    assert_eq!(
        house.footwork_json(&["status", "--local"]),
        Value::Array(Vec::new())
    );
}
