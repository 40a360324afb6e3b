//! The functions of a directory, built by themselves. Their crates are compiled with their own
//! features, which takes minutes the first time, so this is done on request.

use std::process::Command;

use harness::House;

use crate::{Own, stderr};

/// With this variable set, the functions are built.
const ASKED: &str = "FOOTWORK_SLOW_TESTS";

#[test]
#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn a_directory_deploys_with_functions_built_from_its_own_sources() {
    if std::env::var_os(ASKED).is_none() {
        eprintln!("skipped: building takes minutes (set {ASKED})");
        return;
    }
    let own = Own::new();
    let house = House::start(&["--memory", "--fast"]);
    let directory = own.path();
    let target = harness::root().join("target/own-directory");
    let deploy = |command: &mut Command| {
        command
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_NET_OFFLINE", "true")
            .output()
            .unwrap()
    };
    let directory = directory.to_str().unwrap();
    let output = deploy(&mut house.command(&["deploy", directory, "--local"]));
    assert!(output.status.success(), "{}", stderr(&output));
    let run = house.footwork(&["run", directory, "--local", "--strict"]);
    assert!(run.status.success(), "{}", stderr(&run));

    let mut cargo = Command::new(env!("CARGO"));
    let test = deploy(cargo.args(["test", "--locked"]).current_dir(directory));
    assert!(test.status.success(), "{}", stderr(&test));
}
