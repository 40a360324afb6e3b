//! Definitions with a verdict: what AWS accepts is accepted, what it refuses is refused for the
//! same reason. The data lies outside the repository, as for `recorded.rs`.

use std::path::{Path, PathBuf};

use asl::{Diagnostic, Kind, StateMachine};
use serde_json::Value;

/// As many must agree; raise it with every gain.
const AT_LEAST: &str = include_str!("validation.at-least");

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
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
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder: PathBuf = workspace.join(shared).join("conformance/validation");
    if !folder.join("index.json").exists() {
        println!("validation: skipped, there is no conformance/validation in FOOTWORK_SHARED");
        return;
    }
    let index = read(&folder.join("index.json"));
    let (mut passed, mut total, mut wrong_about_aws) = (0, 0, 0);
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
        total += 1;
        let faults = check(&definition, kind);
        let valid = entry["verdict"] == "valid";
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let text = texts.join(", ");
        let agreed = faults.is_empty() == valid
            && (valid || reason(&vector).is_none_or(|reason| reason.contains(&text)));
        if agreed {
            passed += 1;
            continue;
        }
        let by_aws = authority.starts_with("AWS");
        wrong_about_aws += usize::from(by_aws);
        println!(
            "differs: {path} ({authority}: {} {})",
            entry["verdict"], entry["reason"]
        );
        println!("    {}", text.chars().take(300).collect::<String>());
        if let Some(reason) = reason(&vector) {
            println!("    AWS: {reason}");
        }
    }
    println!("validation: {passed}/{total}, {wrong_about_aws} of AWS's own verdicts missed");
    let at_least: usize = AT_LEAST.trim().parse().unwrap_or(usize::MAX);
    assert!(
        passed >= at_least.min(total),
        "{passed} verdicts agree, {at_least} did before"
    );
}
