//! The crates of functions that are taken out are those of the house: `functions/<name>/Cargo.lock`
//! is the part of `Cargo.lock` that their own workspace needs.

use std::path::Path;
use std::process::Command;

use harness::{folders, program, root};

/// With this variable set, the locks are written instead of compared.
const UPDATE: &str = "FOOTWORK_UPDATE_LOCKS";

#[test]
fn functions_have_their_part_of_the_lock() {
    let update = std::env::var_os(UPDATE).is_some();
    let mut stale = Vec::new();
    for name in folders("functions") {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join(&name);
        let init = Command::new(program())
            .args(["init", &name])
            .arg(&directory)
            .output()
            .unwrap();
        assert!(init.status.success(), "{init:?}");
        let format = Command::new(env!("CARGO"))
            .args(["fmt", "--all", "--check"])
            .current_dir(&directory)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&format.stdout);
        assert!(
            format.status.success(),
            "moved, {name} is not formatted: {said}"
        );
        let lock = format!("functions/{name}/Cargo.lock");
        if update {
            std::fs::copy(root().join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
            assert!(resolves(&directory, &[]), "{name}");
            std::fs::copy(directory.join("Cargo.lock"), root().join(&lock)).unwrap();
        } else if !resolves(&directory, &["--locked"]) {
            stale.push(lock);
        } else {
            let own = std::fs::read_to_string(directory.join("Cargo.lock")).unwrap();
            let house = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
            if !checksums(&own).all(|line| house.contains(line)) {
                stale.push(lock);
            }
        }
    }
    assert!(
        stale.is_empty(),
        "{} stale: {UPDATE}=1 cargo test --package tests --test tidy locks",
        stale.join(", ")
    );
}

/// Whether Cargo finds every crate of the workspace, without a network.
fn resolves(workspace: &Path, flags: &[&str]) -> bool {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(flags);
    let output = cargo.current_dir(workspace).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        assert!(said.contains("lock file"), "{said}");
    }
    output.status.success()
}

fn checksums(lock: &str) -> impl Iterator<Item = &str> {
    lock.lines().filter(|line| line.starts_with("checksum = "))
}
