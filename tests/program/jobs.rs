//! Jobs from the terminal: the container's words and exit code, its history, its schedules.

use harness::House;
use serde_json::{Value, json};

/// Status, stdout and stderr of a run of the program.
fn ran(house: &House, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = house.footwork(arguments);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_job_is_run_followed_stopped_and_paused() {
    let house = House::start(&["--memory", "--containers", "process"]);
    let deploy = [
        "deploy",
        "fargate-job",
        "--name",
        "nightly",
        "--param",
        "Image=busybox",
        "--param",
        "Schedule=cron(0 3 * * ? *)",
        "--param",
        "TimeZone=Europe/Berlin",
        "--local",
    ];
    house.footwork_json(&deploy);

    follow(&house);
    history(&house);
    stop(&house);
    schedule(&house);
}

fn follow(house: &House) {
    let script = "echo hi; echo $DAY; exit 42";
    let failing = [
        "run",
        "nightly",
        "--local",
        "--follow",
        "-e",
        "DAY=monday",
        "--",
        "sh",
        "-c",
        script,
    ];
    let (code, said, talk) = ran(house, &failing);
    assert_eq!((code, said.as_str()), (Some(42), "hi\nmonday\n"), "{talk}");
    assert!(talk.contains("Job.Exit.42"), "{talk}");

    let well = [
        "run", "nightly", "--local", "--follow", "--", "echo", "done",
    ];
    let (code, said, talk) = ran(house, &well);
    assert_eq!((code, said.as_str()), (Some(0), "done\n"), "{talk}");

    // What is not the container's exit is told apart from it.
    for refused in [
        &["run", "nightly", "--local", "--follow", "--cpu", "many"][..],
        &["run", "nobody", "--local", "--follow"],
        &[
            "run",
            "nightly",
            "--local",
            "--follow",
            "--set",
            "container=x",
            "--",
            "true",
        ],
    ] {
        let (code, said, talk) = ran(house, refused);
        assert_eq!(
            (code, said.as_str()),
            (Some(125), ""),
            "{refused:?}: {talk}"
        );
    }
}

fn history(house: &House) {
    let rows = house.footwork_json(&["history", "nightly", "--local"]);
    let rows = rows.as_array().unwrap().iter().map(|row| {
        let of = |key: &str| row.get(key).cloned().unwrap_or_default();
        [of("status"), of("exitCode"), of("error")]
    });
    let rows: Vec<_> = rows.collect();
    // The newest is the one with an input that the job refuses; its row comes by an event.
    assert_eq!(rows[0][0], json!("FAILED"));
    let wanted = [
        [json!("SUCCEEDED"), json!(0), Value::Null],
        [json!("FAILED"), json!(42), json!("Job.Exit.42")],
    ];
    assert_eq!(rows[1..], wanted);
    let (_, table, _) = ran(house, &["history", "nightly", "--local"]);
    assert!(table.contains("Job.Exit.42: "), "{table}");

    let run = house.footwork_json(&["history", "nightly", "--local"])[2].clone();
    let name = run["name"].as_str().unwrap();
    let logs = ["logs", "nightly", "--local", "--execution", name];
    let entries = house.footwork_json(&logs);
    let entries = entries.as_array().unwrap();
    let text = |entry: &Value| entry["text"].as_str().unwrap().to_owned();
    let said = entries.iter().filter(|entry| entry["kind"] == "log");
    assert_eq!(said.map(text).collect::<Vec<_>>(), ["hi", "monday"]);
    assert_eq!(text(&entries[0]), "started");
    assert!(text(entries.last().unwrap()).starts_with("failed: Job.Exit.42"));
    // Followed when all is over, it ends as the run did.
    let (code, said, _) = ran(house, &[&logs[..], &["--follow"]].concat());
    assert!(code == Some(42) && said.contains("  job  hi\n"), "{said}");
}

fn stop(house: &House) {
    let long = [
        "run", "nightly", "--local", "--detach", "--", "sleep", "600",
    ];
    let (code, started, talk) = ran(house, &long);
    assert_eq!(code, Some(0), "{talk}");
    let arn = started.trim_end();
    let rows = house.footwork_json(&["history", "nightly", "--local"]);
    assert_eq!(rows[0]["status"], "RUNNING", "{rows}");
    let stopped = house.footwork_json(&["stop", "nightly", "--local", "--reason", "enough"]);
    assert_eq!(stopped, json!([{"executionArn": arn}]));
    let (_, said, _) = ran(house, &["logs", "nightly", "--local"]);
    assert!(said.trim_end().ends_with("stopped: enough"), "{said}");
    let (code, said, talk) = ran(house, &["stop", "nightly", "--local"]);
    assert_eq!((code, said.as_str()), (Some(0), ""), "{talk}");
    assert!(talk.contains("no run going on"), "{talk}");
}

fn schedule(house: &House) {
    let listed = house.footwork_json(&["schedule", "nightly", "--local"]);
    let first = &listed[0];
    assert_eq!(first["name"], "first");
    assert_eq!(first["expression"], "cron(0 3 * * ? *)");
    assert_eq!(first["enabled"], true);
    let next = house.footwork_json(&["schedule", "nightly", "next", "3", "--local"]);
    assert_eq!(next.as_array().unwrap().len(), 3);
    assert_eq!(next[0]["time"], first["next"]);
    for (action, enabled) in [("pause", false), ("resume", true)] {
        house.footwork_json(&["schedule", "nightly", action, "--local"]);
        let listed = house.footwork_json(&["schedule", "nightly", "--local"]);
        // Everything else is as it was.
        let mut wanted = first.clone();
        wanted["enabled"] = json!(enabled);
        if !enabled {
            wanted["next"] = Value::Null;
        }
        assert_eq!(listed, json!([wanted]));
    }
}
