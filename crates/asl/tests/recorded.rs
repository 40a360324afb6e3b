//! Replays the executions that were recorded on AWS and compares whole histories.
//!
//! The data lies outside the repository (`FOOTWORK_SHARED`, default `../shared` beside the
//! workspace); without it the test says so and passes. Its README tells the format; the
//! comparison follows its `compare.py`.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod replay;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// As many must pass; raise it with every gain.
const AT_LEAST: &str = include_str!("recorded.at-least");

fn data() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = workspace.join(shared).join("conformance/aws-recorded");
    folder.join("index.json").exists().then_some(folder)
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the tally is what the test is read for"
)]
fn recorded_histories() {
    let Some(folder) = data() else {
        println!("recorded: skipped, there is no conformance/aws-recorded in FOOTWORK_SHARED");
        return;
    };
    let read = |path: PathBuf| -> Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let index = read(folder.join("index.json"));
    let only = std::env::var("RECORDED_ONLY").ok();
    let mut areas: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for entry in index["vectors"].as_array().unwrap() {
        let path = entry["path"].as_str().unwrap();
        let wanted = entry["kind"] == "execution"
            && matches!(entry["needs"].as_str(), Some("pure" | "mocked-task"))
            && only.as_ref().is_none_or(|only| path.contains(only));
        if !wanted {
            continue;
        }
        let vector = read(folder.join(path));
        let differences = replay::replay(&vector);
        let (passed, total) = areas
            .entry(entry["area"].as_str().unwrap().to_owned())
            .or_default();
        *total += 1;
        if differences.is_empty() {
            *passed += 1;
        } else {
            println!("differs: {path}");
            for difference in differences.iter().take(6) {
                println!("    {difference}");
            }
        }
    }
    for (area, (passed, total)) in &areas {
        println!("{area}: {passed}/{total}");
    }
    let passed: usize = areas.values().map(|(passed, _)| passed).sum();
    let total: usize = areas.values().map(|(_, total)| total).sum();
    println!("recorded: {passed}/{total}");
    let at_least: usize = AT_LEAST.trim().parse().unwrap();
    assert!(
        only.is_some() || passed >= at_least.min(total),
        "{passed} recordings pass, {at_least} did before"
    );
}
