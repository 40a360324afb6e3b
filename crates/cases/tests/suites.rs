//! Cases of every kind, in `suites/`, as somebody would keep them; and cases that are wrong.
//!
//! `UPDATE_CASES=1` rewrites what is expected; the difference is then reviewed.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::PathBuf;

use cases::{Coverage, Options, Run, Suite, find};

fn suites(path: &str) -> Vec<Suite> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/suites")
        .join(path);
    let (suites, faults) = find(&[path]);
    assert!(faults.is_empty(), "{faults:#?}");
    suites
}

fn play(suite: &Suite) -> Vec<Run> {
    let runs = suite.cases.iter();
    let runs = runs.map(|case| Run::of(&suite.workflow, case, Options::default()).unwrap());
    runs.collect()
}

#[test]
fn cases_of_every_kind_pass_and_leave_no_gap() {
    for suite in suites("") {
        let mut tried = Coverage::default();
        for run in play(&suite) {
            if std::env::var_os("UPDATE_CASES").is_some() {
                run.update().unwrap();
            } else {
                assert!(run.was_expected, "{}", run.name);
                assert!(
                    run.passed(),
                    "{}: {:#?}{:#?}",
                    run.name,
                    run.complaints,
                    run.differences
                );
            }
            tried.add(&run.coverage);
        }
        let gaps = Coverage::possible(&suite.workflow.definition).without(&tried);
        assert!(gaps.is_empty(), "{gaps:#?}");
    }
}

#[test]
fn the_mock_file_of_step_functions_local_is_read_as_it_is() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/local/MockConfigFile.json");
    let (suites, faults) = find(&[path]);
    assert!(faults.is_empty(), "{faults:#?}");
    let runs = play(&suites[0]);
    let told: Vec<_> = runs
        .iter()
        .map(|run| {
            (
                run.name.as_str(),
                run.result["status"].as_str().unwrap(),
                run.passed(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("Broken", "FAILED", true), ("Happy", "SUCCEEDED", true)]
    );
    assert_eq!(runs[1].result["output"], "m-1");
    assert_eq!(runs[1].result["calls"]["Send"][0]["MessageBody"]["id"], 7);
}

/// A folder with a definition and one case, its files given as texts.
fn one_case(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<Suite>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("cases/one");
    std::fs::create_dir_all(&case).unwrap();
    for (name, text) in files {
        std::fs::write(case.join(name), text).unwrap();
    }
    let definition = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/local/Orders.asl.json");
    std::fs::copy(definition, folder.path().join("workflow.asl.json")).unwrap();
    let (suites, faults) = find(&[folder.path().to_owned()]);
    let faults = faults.iter().map(ToString::to_string).collect();
    (folder, suites, faults)
}

#[test]
fn what_is_wrong_with_a_world_fails_its_case() {
    let world = r#"{
        "Find": { "0": { "Return": { "StatusCode": "ok", "Payload": {} } }, "1": { "Never": true } },
        "Send": { "0": { "Return": { "MessageID": "m-1" } } }
    }"#;
    let (_folder, suites, faults) = one_case(&[("world.json", world)]);
    assert!(faults.is_empty(), "{faults:#?}");
    let run = &play(&suites[0])[0];
    assert!(!run.passed() && !run.was_expected);
    assert_eq!(
        run.complaints,
        [
            "nobody makes call 1 of `Find`",
            "`Find` returns what lambda:invoke does not: at `/StatusCode` \
             The value for the field 'StatusCode' must be an INTEGER",
            "`Send` returns what sqs:sendMessage does not: at `/MessageID` \
             there is no member 'MessageID'",
        ]
    );
    let unchecked = Options {
        check_results: false,
    };
    let run = Run::of(&suites[0].workflow, &suites[0].cases[0], unchecked).unwrap();
    assert_eq!(run.complaints.len(), 1);
}

#[test]
fn what_differs_is_told_and_can_be_accepted() {
    let world = r#"{
        "Find": { "0": { "Return": { "StatusCode": 200, "Payload": 1 } } },
        "Send": { "0": { "Return": { "MessageId": "m-1" } } }
    }"#;
    let expected = r#"{ "status": "FAILED", "states": ["Find"], "seconds": 0 }"#;
    let (folder, suites, _) = one_case(&[("world.json", world), ("expected.json", expected)]);
    let run = &play(&suites[0])[0];
    let places: Vec<_> = run
        .differences
        .iter()
        .map(|found| found.pointer.as_str())
        .collect();
    assert_eq!(
        places,
        ["/billedTransitions", "/output", "/states", "/status"]
    );
    assert!(run.update().unwrap());
    let (suites, _) = find(&[folder.path().join("cases/one")]);
    let run = &play(&suites[0])[0];
    assert!(run.passed() && run.was_expected);
    assert!(!run.update().unwrap());
}

#[test]
fn a_case_that_cannot_be_played_says_why() {
    let (_folder, suites, _) = one_case(&[("case.json", r#"{ "state": "Fnid" }"#)]);
    let faults = Run::of(&suites[0].workflow, &suites[0].cases[0], Options::default());
    let faults = faults.unwrap_err();
    assert!(faults[0].message.contains("no state `Fnid`"), "{faults:#?}");
    let (_folder, suites, faults) = one_case(&[("world.json", "{"), ("input.json", "nothing")]);
    assert!(suites[0].cases.is_empty());
    assert_eq!(faults.len(), 2, "{faults:#?}");
}
