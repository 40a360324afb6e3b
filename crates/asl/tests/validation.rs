//! Definitions with a verdict: what AWS accepts is accepted, what it refuses is refused for the
//! same reason. The data lies outside the repository, as for `recorded.rs`.

#[expect(
    dead_code,
    reason = "only the list of known differences is needed here"
)]
mod replay;

use std::path::{Path, PathBuf};

use asl::{Diagnostic, Kind, StateMachine};
use replay::known::Known;
use serde_json::{Value, json};

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The corpora, or `None` with a word of explanation.
#[expect(clippy::print_stdout, reason = "says that it skips")]
fn corpora() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = workspace.join(shared).join("conformance/validation");
    if folder.join("index.json").exists() {
        return Some(folder);
    }
    println!("validation: skipped, there is no conformance/validation in FOOTWORK_SHARED");
    None
}

fn check(definition: &str, kind: Kind) -> Vec<Diagnostic> {
    let (machine, mut diagnostics) = StateMachine::parse(definition);
    diagnostics.extend(machine.iter().flat_map(|machine| machine.check_kind(kind)));
    diagnostics.retain(Diagnostic::is_error);
    diagnostics
}

/// The text of the recorded refusal, if the recording has one.
fn reason(vector: &Value) -> Option<String> {
    let expected = &vector["expected"];
    if let Some(message) = expected["error_message"].as_str() {
        return Some(message.replace("<partition>", "aws"));
    }
    let first = &expected["diagnostics"][0];
    let code = first["code"].as_str()?;
    let message = first["message"].as_str()?;
    Some(match first["location"].as_str() {
        Some(location) => format!("{code}: {message} at {location}"),
        None => format!("{code}: {message}"),
    })
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the tally is what the test is read for"
)]
fn verdicts() {
    let known = Known::read("verdict");
    let Some(folder) = corpora() else { return };
    let index = read(&folder.join("index.json"));
    let (mut passed, mut differ) = (Vec::new(), Vec::new());
    for entry in index["entries"].as_array().into_iter().flatten() {
        let path = entry["path"].as_str().unwrap_or_default();
        let authority = entry["authority"].as_str().unwrap_or_default();
        let file = entry["json_path"].as_str().unwrap_or(path);
        let mut kind = Kind::Standard;
        let mut vector = Value::Null;
        let definition = match entry["field"].as_str() {
            Some(field) => {
                vector = read(&folder.join(path));
                if vector["type"] == "EXPRESS" {
                    kind = Kind::Express;
                }
                vector[field].as_str().unwrap_or_default().to_owned()
            }
            None => std::fs::read_to_string(folder.join(file)).unwrap_or_default(),
        };
        let faults = check(&definition, kind);
        let valid = entry["verdict"] == "valid";
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let text = texts.join(", ");
        let agreed = faults.is_empty() == valid
            && (valid || reason(&vector).is_none_or(|reason| reason.contains(&text)));
        if agreed {
            passed.push(path.to_owned());
            continue;
        }
        println!(
            "differs: {path} ({authority}: {} {})",
            entry["verdict"], entry["reason"]
        );
        println!("    {}", text.chars().take(300).collect::<String>());
        match (reason(&vector), known.reason(path)) {
            (Some(reason), _) => println!("    AWS: {reason}"),
            (None, Some(reason)) => println!("    known: {reason}"),
            (None, None) => {}
        }
        differ.push(path.to_owned());
    }
    println!(
        "validation: {}/{}",
        passed.len(),
        passed.len() + differ.len()
    );
    known.hold_against(&passed, &differ);
}

#[test]
fn path_syntax() {
    let Some(folder) = corpora() else { return };
    let known = Known::read("path");
    let (mut passed, mut differ) = (Vec::new(), Vec::new());
    let paths = read(&folder.join("jsonpath_syntax.json"));
    for entry in paths["paths"].as_array().into_iter().flatten() {
        for (field, verdict) in [
            ("InputPath", "path_ok"),
            ("ResultPath", "reference_path_ok"),
        ] {
            let Some(expected) = entry[verdict].as_bool() else {
                continue;
            };
            let definition = json!({"StartAt": "A", "States": {
                "A": {"Type": "Pass", field: entry["path"], "End": true}
            }});
            let accepted = check(&definition.to_string(), Kind::Standard).is_empty();
            let id = format!("{field} {}", entry["path"].as_str().unwrap_or_default());
            if accepted == expected {
                passed.push(id);
            } else {
                differ.push(id);
            }
        }
    }
    assert!(!passed.is_empty());
    known.hold_against(&passed, &differ);
}

/// Every fault is told, each with its place and, where there is a way, the way out.
#[test]
fn every_fault_at_its_place() {
    let definition = r#"{
  "StartAt": "Start", "TimeoutSeconds": 0,
  "States": {
    "Start": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {"QueueUrl": "$.url", "MessageBody.$": "$count"},
      "Retry": [{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["Busy", "States.Runtime"]}],
      "Next": "Chose"},
    "Choose": {"Type": "Choice", "Output": 1, "Choices": [{"Variable": "$.n", "NumericEquals": "1", "Next": "Start"}]},
    "Say": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% name ?? $states.errorOutput %}", "End": true}
  }
}"#;
    let (machine, found) = StateMachine::parse(definition);
    assert!(machine.is_none());
    let told: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|fault| {
            let pointer = fault.pointer.as_deref().unwrap_or_default();
            let source = definition.get(fault.span.clone()).unwrap_or_default();
            (fault.code, pointer, source)
        })
        .collect();
    let expected = [
        ("SCHEMA_VALIDATION_FAILED", "/TimeoutSeconds", "0"),
        (
            "NO_DOLLAR",
            "/States/Start/Parameters/QueueUrl",
            "\"$.url\"",
        ),
        (
            "MISSING_TRANSITION_TARGET",
            "/States/Start/Next",
            "\"Chose\"",
        ),
        ("MISSING_TRANSITION_TARGET", "/States/Choose", "\"Choose\""),
        ("SCHEMA_VALIDATION_FAILED", "/States/Choose", "\"Output\""),
        (
            "SCHEMA_VALIDATION_FAILED",
            "/States/Choose/Choices[0]/NumericEquals",
            "\"1\"",
        ),
        ("MISSING_TRANSITION_TARGET", "/States/Say", "\"Say\""),
        (
            "UNSUPPORTED_JSONATA_EXPRESSION",
            "/States/Say/Output",
            "\"{% name ?? $states.errorOutput %}\"",
        ),
        (
            "UNSUPPORTED_JSONATA_EXPRESSION",
            "/States/Say/Output",
            "\"{% name ?? $states.errorOutput %}\"",
        ),
        (
            "INVALID_JSONATA_EXPRESSION",
            "/States/Say/Output",
            "\"{% name ?? $states.errorOutput %}\"",
        ),
    ];
    assert_eq!(told, expected, "{found:#?}");
    let missing = found.iter().find(|fault| fault.message.contains("Missing"));
    assert_eq!(
        missing.and_then(|fault| fault.help.as_deref()),
        Some("did you mean `Choose`?")
    );
}

/// What AWS accepts but what does not do what it seems to.
#[test]
fn warnings() {
    let definition = json!({
        "StartAt": "Start",
        "States": {
            "Start": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {"QueueUrl": "url", "MessageBody.$": "$count"},
                "Retry": [{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["Busy"]}],
                "Catch": [{"ErrorEquals": ["States.Runtime"], "Next": "Again", "Assign": {"count": 1}}],
                "Assign": {"later": true},
                "Next": "Each"
            },
            "Again": {"Type": "Pass", "Parameters": {"n.$": "$count"}, "Next": "Start"},
            "Each": {
                "Type": "Map",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "One",
                    "States": {"One": {"Type": "Pass", "InputPath": "$later", "End": true}}
                },
                "Next": "Done"
            },
            "Done": {"Type": "Pass", "Result": "$.x", "End": true},
            "Lost": {"Type": "Pass", "Next": "AlsoLost"},
            "AlsoLost": {"Type": "Pass", "Next": "Lost"}
        }
    });
    let (machine, found) = StateMachine::parse(&definition.to_string());
    assert!(machine.is_some(), "{found:#?}");
    let mut told: Vec<(&str, &str)> = found
        .iter()
        .map(|fault| (fault.code, fault.pointer.as_deref().unwrap_or_default()))
        .collect();
    told.sort_unstable();
    let expected = [
        ("ERROR_NEVER_MATCHES", "/States/Start/Catch[0]/ErrorEquals"),
        ("ERROR_NEVER_MATCHES", "/States/Start/Retry[1]/ErrorEquals"),
        ("PASS_RESULT_IS_STATIC", "/States/Done/Result"),
        ("TOKEN_NOT_PASSED", "/States/Start"),
        ("UNREACHABLE_STATE", "/States/AlsoLost"),
        ("UNREACHABLE_STATE", "/States/Lost"),
        // `$count` is also a function, so that only the distributed Map's children are told of.
        (
            "VARIABLE_NEVER_SET",
            "/States/Each/ItemProcessor/States/One/InputPath",
        ),
        ("WAIT_WITHOUT_TIMEOUT", "/States/Start"),
    ];
    assert_eq!(told, expected, "{found:#?}");
}

/// A door to somebody who knows APIs: what they say lands at the member that it is about.
#[test]
fn parameters_are_judged_by_those_who_know_the_api() {
    use asl::{Integrations, ParameterFault, Resource, Written};

    #[derive(Debug)]
    struct Queues;
    impl Integrations for Queues {
        fn resource_fault(&self, resource: &Resource) -> Option<String> {
            let known = matches!(resource, Resource::Optimised { service, .. } if service == "sqs");
            (!known).then(|| "unknown".to_owned())
        }
        fn parameter_faults(&self, _: &Resource, written: &Written) -> Vec<ParameterFault> {
            let known = ["QueueUrl", "MessageBody"];
            let unknown = written
                .names()
                .into_iter()
                .filter(|name| !known.contains(name));
            let unknown = unknown.map(|name| ParameterFault {
                path: vec![name.to_owned()],
                message: format!("The field \"{name}\" is not supported by Step Functions"),
                help: None,
            });
            unknown.collect()
        }
    }

    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl.$": "$.url", "Body.$": "$.body"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}
    }});
    let text = definition.to_string();
    let (_, found) = StateMachine::parse_with(&text, std::sync::Arc::new(Queues));
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "SCHEMA_VALIDATION_FAILED: The field \"Body\" is not supported by Step Functions at /States/A/Parameters/Body.$",
            "SCHEMA_VALIDATION_FAILED: unknown at /States/B/Resource",
        ]
    );
    assert_eq!(text.get(found[0].span.clone()), Some("\"Body.$\""));
}
