//! boto3, by the scripts in `python/`: each one talks to a local AWS of its own and stops at the
//! first thing that is not as on AWS.

use std::path::PathBuf;
use std::process::Command;

use harness::{House, python, root};

#[test]
fn waiters() {
    run("waiters");
}

#[test]
fn paginators() {
    run("paginators");
}

#[test]
fn activity_worker() {
    run("activity_worker");
}

#[test]
fn token_through_sqs() {
    run("token_through_sqs");
}

#[test]
fn express_sync() {
    run("express_sync");
}

#[test]
fn jobs() {
    run("jobs");
}

#[test]
fn redrive() {
    run("redrive");
}

/// No script without a test of its name.
#[test]
fn every_script_runs() {
    let mut scripts: Vec<_> = std::fs::read_dir(scripts())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".py") && name != "common.py")
        .collect();
    scripts.sort();
    let source = include_str!("boto.rs");
    for script in scripts {
        let name = script.trim_end_matches(".py");
        assert!(source.contains(&format!("run(\"{name}\")")), "{script}");
    }
}

fn scripts() -> PathBuf {
    root().join("tests/clients/python")
}

fn run(script: &str) {
    let Some(python) = python() else { return };
    let house = House::start(&[]);
    let mut command = Command::new(&python.interpreter);
    command
        .arg(scripts().join(format!("{script}.py")))
        .env("ENDPOINT", house.endpoint())
        // The checkout stays as it is.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    house.clean(&mut command);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
}
