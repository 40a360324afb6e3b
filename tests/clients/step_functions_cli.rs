//! `aws stepfunctions`, verb by verb.

use harness::{House, python};
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::000000000000:role/states";

#[test]
fn the_verbs_of_step_functions_work() {
    let Some(python) = python() else { return };
    let house = House::start(&[]);
    let states = |arguments: &[&str]| house.aws(&python, &[&["stepfunctions"], arguments].concat());
    let create = |name: &str, kind: &str, state: Value| {
        let definition = json!({ "StartAt": "Only", "States": { "Only": state } }).to_string();
        let arguments = [
            "create-state-machine",
            "--name",
            name,
            "--type",
            kind,
            "--role-arn",
            ROLE,
            "--definition",
            &definition,
        ];
        text(&states(&arguments), "stateMachineArn")
    };

    let machine = create(
        "waits",
        "STANDARD",
        json!({ "Type": "Wait", "Seconds": 3600, "End": true }),
    );
    let start = [
        "start-execution",
        "--state-machine-arn",
        &machine,
        "--name",
        "one",
        "--input",
        r#"{"a": 1}"#,
    ];
    let execution = text(&states(&start), "executionArn");
    let running = [
        "list-executions",
        "--state-machine-arn",
        &machine,
        "--status-filter",
        "RUNNING",
    ];
    assert_eq!(
        states(&running)["executions"][0]["executionArn"],
        execution.as_str()
    );
    let stop = [
        "stop-execution",
        "--execution-arn",
        &execution,
        "--error",
        "Enough",
        "--cause",
        "of it",
    ];
    states(&stop);
    let ended = states(&["describe-execution", "--execution-arn", &execution]);
    assert_eq!(
        (&ended["status"], &ended["error"]),
        (&json!("ABORTED"), &json!("Enough"))
    );
    assert_eq!(ended["input"], r#"{"a": 1}"#);
    // The CLI pages by itself.
    let history = [
        "get-execution-history",
        "--execution-arn",
        &execution,
        "--page-size",
        "1",
    ];
    let history = states(&[&history[..], &["--reverse-order"]].concat());
    let types: Vec<_> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| text(event, "type"))
        .collect();
    assert_eq!(
        types,
        ["ExecutionAborted", "WaitStateEntered", "ExecutionStarted"]
    );

    // The operation's own host name, `sync-localhost`, is none; a proxy is asked for any name, and
    // the endpoint is one for its own clients.
    let echo = create("echoes", "EXPRESS", json!({ "Type": "Pass", "End": true }));
    let sync = [
        "stepfunctions",
        "start-sync-execution",
        "--state-machine-arn",
        &echo,
        "--input",
        r#"{"b": 2}"#,
    ];
    let output = house
        .aws_command(&python, &sync)
        .env("HTTP_PROXY", house.endpoint())
        .env("NO_PROXY", "")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&answer["status"], &answer["output"]),
        (&json!("SUCCEEDED"), &json!(r#"{"b": 2}"#))
    );

    let again = house
        .aws_command(&python, &[&["stepfunctions"], &start[..]].concat())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(said.contains("(ExecutionAlreadyExists)"), "{said}");
    states(&["delete-state-machine", "--state-machine-arn", &machine]);
}

fn text(value: &Value, member: &str) -> String {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {value}"))
        .to_owned()
}
