//! Replays what was recorded on AWS: executions by the interpreter, calls of the API, TestState and
//! refused definitions over HTTP against the embedded AWS under a virtual clock.
//!
//! The recordings lie outside the repository (`FOOTWORK_SHARED`, default `../shared`); without them
//! the test says that it skips. Their README tells the format. What differs is listed by id and
//! reason in `known-differences.toml`, and the list is kept honest here. `RECORDED_ONLY` narrows
//! the run to vectors whose path contains it.
#![expect(clippy::unwrap_used, reason = "test code")]

mod calls;
mod cloud;
mod era;
mod functions;
mod names;
#[path = "../../crates/asl/tests/replay/mod.rs"]
mod replay;
mod test_state;
mod validation;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use replay::known::Known;
use serde_json::Value;

/// Differences of one vector; empty where it passes.
type Differences = Vec<String>;

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the tally is what the test is read for"
)]
fn recorded() {
    let Some(folder) = harness::shared("conformance/aws-recorded") else {
        return;
    };
    let index = read(&folder.join("index.json"));
    let only = std::env::var("RECORDED_ONLY").ok();
    let known = Known::read("difference");
    let mut areas: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for entry in index["vectors"].as_array().unwrap() {
        let path = entry["path"].as_str().unwrap();
        if only.as_ref().is_some_and(|only| !path.contains(only)) {
            continue;
        }
        let Some(differences) = play(entry, &read(&folder.join(path))) else {
            continue;
        };
        let area = entry["area"].as_str().unwrap().to_owned();
        let (passed, total) = areas.entry(area).or_default();
        *total += 1;
        *passed += usize::from(differences.is_empty());
        let id = entry["id"].as_str().unwrap().to_owned();
        if differences.is_empty() {
            good.push(id);
            continue;
        }
        println!("differs: {path} ({id})");
        match known.reason(&id) {
            Some(reason) => println!("    known: {reason}"),
            None => differences
                .iter()
                .take(8)
                .for_each(|difference| println!("    {difference}")),
        }
        bad.push(id);
    }
    for (area, (passed, total)) in &areas {
        println!("{area}: {passed}/{total}");
    }
    println!("recorded: {}/{}", good.len(), good.len() + bad.len());
    known.hold_against(&good, &bad);
}

/// Replays a vector; `None` where it needs what the recording does not hold.
fn play(entry: &Value, vector: &Value) -> Option<Differences> {
    match entry["kind"].as_str().unwrap() {
        "execution" => matches!(entry["needs"].as_str(), Some("pure" | "mocked-task"))
            .then(|| replay::replay(vector, Some(&integrations::apis()))),
        "api" => Some(calls::play(vector)),
        "test-state" => test_state::play(vector),
        "validation" => Some(validation::play(vector)),
        _ => None,
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
