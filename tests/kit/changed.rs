//! From `init` to a deployment of one's own, and what is told of each change.

use harness::House;
use serde_json::Value;

use crate::{Own, stderr, stdout};

#[test]
fn a_directory_passes_its_own_checks() {
    let own = Own::new();
    for arguments in [
        &["validate", ".", "--strict"][..],
        &["format", ".", "--check"],
        &["test", ".", "--strict"],
        &["diff", "--upstream", "--fail"],
    ] {
        let output = own.footwork(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}{}",
            stdout(&output),
            stderr(&output)
        );
    }
}

#[test]
fn shipped_workflows_are_played_and_counted_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let footwork = |arguments: &[&str]| {
        let mut command = std::process::Command::new(harness::program());
        let command = command.args(arguments).current_dir(folder.path());
        command.output().unwrap()
    };
    let played = footwork(&["test", "drift-detection", "-o", "json"]);
    assert!(played.status.success(), "{}", stdout(&played));
    assert_eq!(
        footwork(&["test", "drift-detection", "--update"])
            .status
            .code(),
        Some(2)
    );
    let counted = footwork(&["cost", "drift-detection", "--set", "N=200", "-o", "json"]);
    let told: Value = serde_json::from_slice(&counted.stdout).unwrap();
    // The formula of the story, with a message and a refused detection: 7 + N · (8 + 3p …).
    let formula = told["formula"]["nothingRetried"]["transitions"]
        .as_str()
        .unwrap();
    assert!(formula.starts_with("7 + 8 N + 3 p N"), "{formula}");
    assert_eq!(told["cases"].as_array().unwrap().len(), 18);
    let prices = folder.path().join("prices.json");
    std::fs::write(&prices, told["prices"].to_string()).unwrap();
    let own = footwork(&["cost", "drift-detection", "--prices", "prices.json"]);
    assert!(own.status.success(), "{}", stderr(&own));
    for file in ["config", "case", "world", "expected"] {
        assert!(footwork(&["schema", file]).status.success(), "{file}");
    }
}

#[test]
fn changes_are_told_apart_and_named() {
    let own = Own::new();
    own.edit(
        "workflow.asl.json",
        "\"TimeoutSeconds\": 330",
        "\"TimeoutSeconds\": 200",
    );
    // As if an older version had written another text.
    let origin = std::fs::read_to_string(own.path().join(".footwork/origin.json")).unwrap();
    let mut origin: Value = serde_json::from_str(&origin).unwrap();
    origin["files"]["build.sh"] = "0".into();
    let here = std::fs::read(own.path().join("README.md")).unwrap();
    std::fs::write(own.path().join("notes.md"), here).unwrap();
    let path = own.path().join(".footwork/origin.json");
    std::fs::write(path, origin.to_string()).unwrap();
    own.edit("build.sh", "set -eu", "set -eux");

    let output = own.footwork(&["diff", "--upstream", "-o", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = told["files"].as_array().unwrap().iter();
    let files: Vec<_> = files
        .map(|file| {
            (
                file["path"].as_str().unwrap(),
                file["changedBy"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        files,
        [
            ("build.sh", "both"),
            ("notes.md", "you"),
            ("workflow.asl.json", "you")
        ]
    );
    let what = told["states"][0]["what"].to_string();
    assert!(what.contains("TimeoutSeconds: 330 → 200"), "{told:#}");
    let diff = told["files"][2]["diff"].as_str().unwrap();
    assert!(diff.contains("-      \"TimeoutSeconds\": 330"), "{diff}");

    let failed = own.footwork(&["diff", "--upstream", "--fail", "--brief"]);
    assert_eq!(failed.status.code(), Some(1));
    std::fs::remove_dir_all(own.path().join(".footwork")).unwrap();
    let lost = own.footwork(&["diff", "--upstream"]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(stderr(&lost).contains("footwork init"), "{}", stderr(&lost));
}

#[test]
fn a_changed_directory_is_deployed_and_run() {
    let own = Own::new();
    own.built();
    let house = House::start(&["--memory", "--fast"]);
    let directory = own.path();
    let directory = directory.to_str().unwrap();
    own.edit(
        "footwork.toml",
        "# LogRetentionDays = 30",
        "LogRetentionDays = 7",
    );
    own.edit("footwork.toml", "[tags]", "[tags]\nteam = \"platform\"");
    let settings = "\n[environments.other]\nname = \"other-drift\"\nregion = \"eu-central-1\"\n";
    own.edit(
        "footwork.toml",
        "\n# Places",
        &format!("{settings}\n# Places"),
    );

    let deploy = ["deploy", directory, "--local", "--no-build"];
    let deployed = house.footwork_json(&deploy);
    assert_eq!(deployed["stack"], "footwork-my-drift");
    let described = house.query(
        "cloudformation",
        "Action=DescribeStacks&Version=2010-05-15&StackName=footwork-my-drift",
    );
    for said in [
        "<ParameterValue>7</ParameterValue>",
        "<Value>platform</Value>",
        "<Value>drift-detection</Value>",
    ] {
        assert!(described.contains(said), "{said} in {described}");
    }

    // Its own schema counts, not the shipped one.
    own.edit(
        "input.schema.json",
        "\"properties\": {",
        "\"properties\": {\n    \"color\": { \"type\": \"string\" },",
    );
    let run =
        |arguments: &[&str]| house.footwork(&[&["run", directory, "--local"], arguments].concat());
    let refused = run(&["--input", "{\"colour\": 1}"]);
    assert!(stderr(&refused).contains("colour"), "{}", stderr(&refused));
    let asked = run(&["--input", "gate", "--strict"]);
    assert!(asked.status.success(), "{}", stderr(&asked));
    let told = run(&["--input", "{\"include\": [\"footwork-*\"]}", "-o", "json"]);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    costs_what_it_took(&house, told["executionArn"].as_str().unwrap());
    let failed = run(&["--input", "{\"color\": \"red\"}"]);
    assert_eq!(failed.status.code(), Some(1), "the functions know no color");
    assert!(
        stderr(&failed).contains("Drift.InvalidInput"),
        "{}",
        stderr(&failed)
    );
    // By its name nobody knows what a run finds.
    let gate = house.footwork(&["run", "my-drift", "--local", "--fail"]);
    assert_eq!(gate.status.code(), Some(2), "{}", stderr(&gate));

    let other = house.footwork_json(&[&deploy[..], &["--env", "other"]].concat());
    assert_eq!(other["name"], "other-drift");
    let arn = other["outputs"]["StateMachineArn"].as_str().unwrap();
    assert!(arn.contains(":eu-central-1:"), "{arn}");
    let gone = house.footwork(&["delete", directory, "--env", "other", "--local"]);
    assert!(gone.status.success(), "{}", stderr(&gone));
}

/// The formula of the story, for a run in which nothing was retried: 6 + N · (4 + 3p).
fn costs_what_it_took(house: &House, execution: &str) {
    let cost = [
        "cost",
        "--execution",
        execution,
        "--local",
        "--runs-per-month",
        "100",
    ];
    let told = house.footwork_json(&cost);
    let states = told["states"].as_array().unwrap();
    let entered = |name: &str| {
        let state = states.iter().find(|state| state["state"] == name);
        state.map_or(0, |state| state["entered"].as_u64().unwrap())
    };
    let stacks = told["children"].as_u64().unwrap();
    let looks = entered("Read detection status");
    assert!(stacks == entered("Collect findings"), "{told:#}");
    let expected = match stacks {
        0 => 5,
        stacks => 6 + 4 * stacks + 3 * looks,
    };
    assert_eq!(told["transitions"], expected, "{told:#}");
    let usd = told["usd"].as_f64().unwrap();
    assert!((usd - told["transitions"].as_f64().unwrap() * 0.000_025).abs() < 1e-9);
    assert!((told["usdPerMonth"].as_f64().unwrap() - usd * 100.0).abs() < 1e-9);
}
