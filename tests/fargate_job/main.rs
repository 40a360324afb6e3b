//! The Fargate job end to end: the served local AWS, the real functions, and commands as real
//! processes, driven by boto3 with the scripts in `python/`, which stop at the first surprise.
#![expect(clippy::unwrap_used, reason = "test code")]

use std::process::Command;

use harness::{House, Python, program, python, root};

/// A local AWS with the job `nightly`, whose containers are processes; `None` without a Python.
fn deployed() -> Option<(Python, House)> {
    let python = python()?;
    let house = House::start(&["--memory", "--fast", "--containers", "process"]);
    let mut words = vec!["deploy", "fargate-job", "--local", "--name", "nightly"];
    for parameter in ["Image=busybox", r#"Command=["true"]"#] {
        words.extend(["--param", parameter]);
    }
    house.footwork_json(&words);
    Some((python, house))
}

fn play(python: &Python, house: &House, script: &str) {
    let path = root().join(format!("tests/fargate_job/python/{script}.py"));
    let mut command = Command::new(&python.interpreter);
    house.clean(&mut command);
    command
        .arg(path)
        .env("ENDPOINT", house.endpoint())
        .env("STACK", "footwork-nightly")
        .env("FOOTWORK", program())
        .env("FOOTWORK_LOCAL_PORT", house.port().to_string());
    assert!(command.status().unwrap().success(), "{script}");
}

#[test]
fn runs_end_with_a_reason() {
    let Some((python, house)) = deployed() else {
        return;
    };
    for script in ["endings", "faults", "arrays"] {
        play(&python, &house, script);
    }
}

#[test]
fn of_fifty_runs_one_runs() {
    let Some((python, house)) = deployed() else {
        return;
    };
    play(&python, &house, "overlap");
}
