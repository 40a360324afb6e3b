//! `footwork test --watch`, which plays again when a file changes, whatever is in it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use harness::program;

use crate::Own;

#[test]
fn cases_are_played_again_when_a_file_changes() {
    let own = Own::new();
    let mut command = Command::new(program());
    command
        .args(["test", ".", "--only", "no-drift", "--watch"])
        .current_dir(own.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut watching = Killed(command.spawn().unwrap());
    let mut told = BufReader::new(watching.0.stdout.take().unwrap()).lines();
    let mut said = BufReader::new(watching.0.stderr.take().unwrap()).lines();
    // The summary is the last line on stdout, the words about waiting follow on stderr.
    let mut played = || {
        let summary = told.find(|line| line.as_ref().unwrap().contains("passed"));
        summary.unwrap().unwrap()
    };
    let mut waits = || {
        let waiting = said.find(|line| line.as_ref().unwrap().contains("waiting"));
        assert!(waiting.is_some());
    };
    let first = played();
    waits();
    assert!(first.contains("1 passed"), "{first}");
    own.edit("cases/no-drift/expected.json", "SUCCEEDED", "FAILED!!!");
    let second = played();
    waits();
    assert!(second.contains("1 failed"), "{second}");
    own.edit("cases/no-drift/expected.json", "FAILED!!!", "SUCCEEDED");
    let third = played();
    assert!(third.contains("1 passed"), "{third}");
}

/// Ends with the test, however that ends.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
