//! The cases of the workflows (`workflows/<name>/cases`): no AWS, no functions, no waiting.
//!
//! `footwork test workflows --update` rewrites every `expected.json`; the difference is then
//! reviewed, since an expectation says what AWS does and the workflow is for.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod drift_detection;
mod fargate_job;

use cases::{Coverage, Options, Run, Suite, find};
use harness::{folders, root};

/// All workflows and their cases.
fn suites() -> Vec<Suite> {
    let (suites, faults) = find(&[root().join("workflows")]);
    assert!(faults.is_empty(), "{faults:#?}");
    suites
}

/// All cases of a workflow, played.
fn play(suite: &Suite) -> Vec<Run> {
    let play = |case| Run::of(&suite.workflow, case, Options::default());
    let runs = suite.cases.iter().map(play);
    runs.map(|run| run.unwrap_or_else(|faults| panic!("{faults:#?}")))
        .collect()
}

#[test]
fn cases_end_as_expected() {
    let suites = suites();
    let names: Vec<_> = suites
        .iter()
        .map(|suite| suite.workflow.name.as_str())
        .collect();
    assert_eq!(names, folders("workflows"));
    let mut wrong = Vec::new();
    for run in suites.iter().flat_map(play) {
        if !run.passed() || !run.was_expected {
            let differences = run.differences.iter().map(ToString::to_string);
            let lines: Vec<_> = run.complaints.iter().cloned().chain(differences).collect();
            wrong.push(format!("{}:\n{}", run.path.display(), lines.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn every_part_of_a_workflow_is_tried_by_a_case() {
    for suite in suites() {
        let mut tried = Coverage::default();
        for run in play(&suite) {
            tried.add(&run.coverage);
        }
        let gaps = Coverage::possible(&suite.workflow.definition).without(&tried);
        assert!(gaps.is_empty(), "{}: {gaps:#?}", suite.workflow.name);
    }
}
