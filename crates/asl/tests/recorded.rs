//! Replays the executions that were recorded on AWS and compares whole histories.
//!
//! The data lies outside the repository (`FOOTWORK_SHARED`, default `../shared` beside the
//! workspace); without it the test says so and passes. Its README tells the format; the
//! comparison follows its `compare.py`. `RECORDED_ONLY=<part of a path>` narrows the run.

mod replay;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use replay::known::Known;
use serde_json::Value;

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
    let known = Known::read("difference");
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
    let (mut passed, mut differ) = (Vec::new(), Vec::new());
    for entry in index["vectors"].as_array().unwrap() {
        let path = entry["path"].as_str().unwrap();
        let wanted = entry["kind"] == "execution"
            && matches!(entry["needs"].as_str(), Some("pure" | "mocked-task"))
            && only.as_ref().is_none_or(|only| path.contains(only));
        if !wanted {
            continue;
        }
        let id = entry["id"].as_str().unwrap().to_owned();
        let vector = read(folder.join(path));
        let differences = replay::replay(&vector, None);
        let (good, total) = areas
            .entry(entry["area"].as_str().unwrap().to_owned())
            .or_default();
        *total += 1;
        if differences.is_empty() {
            *good += 1;
            passed.push(id);
            continue;
        }
        println!("differs: {path} ({id})");
        match known.reason(&id) {
            Some(reason) => println!("    known: {reason}"),
            None => differences
                .iter()
                .take(6)
                .for_each(|difference| println!("    {difference}")),
        }
        differ.push(id);
    }
    for (area, (good, total)) in &areas {
        println!("{area}: {good}/{total}");
    }
    println!("recorded: {}/{}", passed.len(), passed.len() + differ.len());
    known.hold_against(&passed, &differ);
}
