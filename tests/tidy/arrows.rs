//! Dependencies between our crates point down only.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Which of our crates each may use. Functions are crates of their own that use none.
fn allowed(name: &str) -> &'static [&'static str] {
    match name {
        "asl" | "cfn" => &["document"],
        "integrations" => &["asl", "awsapi"],
        "cases" => &["asl", "awsapi", "document", "integrations"],
        "localaws" => &[
            "asl",
            "awsapi",
            "cfn",
            "document",
            "integrations",
            "recurrence",
        ],
        "footwork" => &[
            "asl",
            "awsapi",
            "cases",
            "cfn",
            "document",
            "integrations",
            "localaws",
            "recurrence",
        ],
        "tests" => &[
            "asl",
            "awsapi",
            "cases",
            "footwork",
            "integrations",
            "localaws",
        ],
        _ => &[],
    }
}

#[test]
fn arrows_point_down() {
    let crates = our_crates();
    let ours: BTreeSet<_> = crates.keys().cloned().collect();
    let mut wrong = Vec::new();
    for (name, dependencies) in &crates {
        for dependency in dependencies.intersection(&ours) {
            if !allowed(name).contains(&dependency.as_str()) {
                wrong.push(format!("{name} must not use {dependency}"));
            }
        }
    }
    assert!(
        ours.contains("asl") && ours.contains("localaws"),
        "{ours:?}"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The language is free of I/O: no crate that opens files, sockets or reads clocks.
#[test]
fn the_language_knows_no_world() {
    let crates = our_crates();
    let forbidden = [
        "tokio",
        "axum",
        "hyper",
        "http",
        "rusqlite",
        "uuid",
        "rand",
        "aws-config",
    ];
    for name in forbidden {
        assert!(!crates["asl"].contains(name), "asl must not use {name}");
    }
}

/// Our crates and what they use in normal and build dependencies.
fn our_crates() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(harness::root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let shipped = dependencies.filter(|dependency| dependency["kind"] != "dev");
            (
                text(&package["name"]),
                shipped
                    .map(|dependency| text(&dependency["name"]))
                    .collect(),
            )
        });
    packages.collect()
}
