//! No definition that AWS took is refused for its parameters: those that were published, and those
//! of the executions that were recorded.
//!
//! The data lies outside the repository (`FOOTWORK_SHARED`, default `../shared` beside the
//! workspace); without it the test says so and passes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail and says what it skips"
)]

use std::path::{Path, PathBuf};

use asl::StateMachine;
use serde_json::Value;

fn conformance() -> Option<PathBuf> {
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.join(shared).join("conformance");
    folder.is_dir().then_some(folder)
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Faults that only those who know the APIs see.
fn added(definition: &str) -> Vec<String> {
    let (_, without) = StateMachine::parse(definition);
    let (_, with) = StateMachine::parse_with(definition, integrations::apis());
    let added = with.into_iter().filter(|fault| !without.contains(fault));
    added.map(|fault| fault.to_string()).collect()
}

#[test]
fn what_aws_took_is_taken() {
    let Some(folder) = conformance() else {
        println!("skipped: there is no conformance data in FOOTWORK_SHARED");
        return;
    };
    let (mut read_them, mut wrong) = (0, Vec::new());
    let recorded = folder.join("aws-recorded");
    let index = read(&recorded.join("index.json"));
    for entry in index["vectors"].as_array().unwrap() {
        if entry["kind"] != "execution" {
            continue;
        }
        let path = entry["path"].as_str().unwrap();
        let vector = read(&recorded.join(path));
        let found = added(vector["definition"].as_str().unwrap());
        read_them += 1;
        wrong.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    let index = read(&folder.join("validation/index.json"));
    for entry in index["entries"].as_array().unwrap() {
        let path = entry["json_path"].as_str().or(entry["path"].as_str());
        let path = path.unwrap();
        let file = folder.join("validation").join(path);
        if entry["verdict"] != "valid" || !file.is_file() || !path.ends_with(".json") {
            continue;
        }
        let found = added(&std::fs::read_to_string(file).unwrap());
        read_them += 1;
        wrong.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{read_them} definitions");
}
