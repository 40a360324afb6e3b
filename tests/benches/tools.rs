//! The commands that work on files: `cargo bench --package tests --bench tools`.
//!
//! Measures the release build of the program as a user meets it, from start to end of the process.
//! The corpus of definitions lies in `FOOTWORK_SHARED`; without it, the shipped ones are read.
//! Medians of several runs; nothing here asserts how long anything takes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it cannot measure"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::root;
use serde_json::{Map, json};

fn main() {
    let program = std::env::var_os("FOOTWORK_PROGRAM").map_or_else(build, PathBuf::from);
    let folder = tempfile::tempdir().unwrap();
    row("start-up (`footwork --version`)", &program, &["--version"]);

    let corpus = corpus();
    let many = format!("validate {} files", corpus.len());
    let mut arguments = vec!["validate", "--output", "json"];
    arguments.extend(corpus.iter().map(String::as_str));
    row(&many, &program, &arguments);
    let shipped = [root().join("workflows"), root().join("templates")];
    let shipped = shipped.map(|folder| folder.display().to_string());
    row(
        "validate what ships",
        &program,
        &["validate", &shipped[0], &shipped[1]],
    );

    let chain = put(folder.path(), "chain.asl.json", &chain(500));
    let svg = folder.path().join("out.svg").display().to_string();
    row(
        "draw 500 states, SVG",
        &program,
        &["render", &chain, "--out", &svg],
    );
    row("draw 500 states, text", &program, &["render", &chain]);
    row(
        "format 500 states",
        &program,
        &["format", "--check", &chain],
    );
    row("validate 500 states", &program, &["validate", &chain]);
}

/// Median wall time of the program with these arguments.
fn row(what: &str, program: &Path, arguments: &[&str]) {
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let begin = Instant::now();
            let mut command = Command::new(program);
            command
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.status().unwrap();
            begin.elapsed()
        })
        .collect();
    times.sort();
    println!("  {what:<40} {:>10.1} ms", times[4].as_secs_f64() * 1000.0);
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--release", "--package", "footwork"])
        .current_dir(root());
    assert!(cargo.status().unwrap().success());
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release/footwork")
}

/// All definitions of the corpus, accepted and refused.
fn corpus() -> Vec<String> {
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = root().join(shared).join("conformance/validation");
    let mut found = Vec::new();
    let mut folders = vec![folder.join("valid"), folder.join("invalid")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.extension().and_then(|ending| ending.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("json" | "yaml" | "yml") => found.push(path.display().to_string()),
                _ => {}
            }
        }
    }
    if found.is_empty() {
        found.push(root().join("workflows").display().to_string());
    }
    found.sort();
    found
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A machine of Tasks, Choices that lead back and forth, Catches, and a Parallel now and then.
fn chain(count: usize) -> String {
    let mut states = Map::new();
    for index in 0..count {
        let next = format!("State {}", index + 1);
        let back = format!("State {}", index.saturating_sub(7));
        let state = match index % 10 {
            _ if index + 1 == count => json!({"Type": "Succeed"}),
            3 => json!({"Type": "Choice", "Default": next, "Choices": [
                {"Variable": "$.x", "IsPresent": true, "Next": back}]}),
            6 => json!({"Type": "Parallel", "Next": next, "Branches": [
                {"StartAt": format!("A {index}"), "States": {format!("A {index}"): {"Type": "Succeed"}}},
                {"StartAt": format!("B {index}"), "States": {format!("B {index}"): {"Type": "Succeed"}}}]}),
            _ => json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": next,
                "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:t", "Message": "x"},
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": format!("State {}", count - 1)}]}),
        };
        states.insert(format!("State {index}"), state);
    }
    json!({"StartAt": "State 0", "States": states}).to_string()
}
