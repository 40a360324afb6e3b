//! The cases of the workflows (`workflows/<name>/cases`), run on the interpreter with a clock and
//! a world of their own: no AWS, no functions, no waiting.
//!
//! `UPDATE_CASES=1 cargo test -p tests --test cases` rewrites every `expected.json`; the
//! difference is then reviewed, since an expectation says what AWS does and the workflow is for.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod bill;
mod case;
mod diff;
mod drift_detection;
mod host;
mod ways;
mod world;

use std::collections::BTreeSet;

use harness::folders;

use case::{Case, Workflow};

/// All cases of a workflow, played.
fn cases(workflow: &Workflow) -> Vec<Case> {
    let names = folders(&format!("{}/cases", workflow.folder));
    assert!(!names.is_empty(), "{} has no cases", workflow.folder);
    let cases = names.iter().map(|name| Case::play(workflow, name));
    cases.collect()
}

#[test]
fn cases_end_as_expected() {
    let mut wrong = Vec::new();
    for workflow in Workflow::all() {
        for case in cases(&workflow) {
            wrong.extend(case.verdict().err());
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn every_way_through_a_workflow_is_taken_by_a_case() {
    for workflow in Workflow::all() {
        let ways = ways::in_definition(&workflow.definition);
        let cases = cases(&workflow);
        let taken: BTreeSet<_> = cases
            .iter()
            .flat_map(|case| ways::taken(&case.result))
            .collect();
        let missed: Vec<_> = ways.difference(&taken).collect();
        assert!(
            missed.is_empty(),
            "{}: no case goes {missed:#?}",
            workflow.folder
        );
        let unknown: Vec<_> = taken.difference(&ways).collect();
        assert!(
            unknown.is_empty(),
            "{}: no way is {unknown:#?}",
            workflow.folder
        );
    }
}
