//! For programs.

use serde_json::{Map, Value, json};

use cases::Run;

use super::{Played, Report};

/// The whole report as one value.
pub fn json(report: &Report) -> Value {
    let suites = report.suites.iter();
    let faults = report.faults.iter();
    let failed = report.failed();
    json!({
        "passed": report.runs().count() - failed,
        "failed": failed,
        "workflows": suites.map(|suite| self::suite(suite, report.whole)).collect::<Vec<_>>(),
        "faults": faults
            .map(|fault| json!({ "path": fault.path, "message": fault.message }))
            .collect::<Vec<_>>(),
    })
}

fn suite(suite: &Played, whole: bool) -> Value {
    let mut told = json!({
        "name": suite.workflow.name,
        "file": suite.workflow.file,
        "cases": suite.runs.iter().map(case).collect::<Vec<_>>(),
    });
    if whole {
        let kinds = suite.kinds().into_iter();
        let coverage: Map<_, _> = kinds
            .map(|(kind, all, gaps)| {
                let of_it = json!({ "all": all, "tried": all - gaps.len(), "gaps": gaps });
                (kind.to_owned(), of_it)
            })
            .collect();
        told["coverage"] = coverage.into();
    }
    told
}

fn case(run: &Run) -> Value {
    let differences = run.differences.iter();
    json!({
        "name": run.name,
        "path": run.path,
        "passed": run.passed(),
        "expected": run.was_expected,
        "complaints": run.complaints,
        "differences": differences
            .map(|found| json!({
                "pointer": found.pointer,
                "expected": found.expected,
                "got": found.got,
            }))
            .collect::<Vec<_>>(),
        "result": run.result,
    })
}
