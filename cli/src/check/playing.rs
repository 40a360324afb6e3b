//! The files of cases: what they are, and whether they are about the definition.

use std::path::Path;

use cases::{Case, Fault, Options, Run, Workflow};

use super::source::File;
use super::{Checked, Finding};
use crate::project;

/// Reads the cases beside a definition and plays them, where it can be played: answers to calls
/// that it never makes, calls without an answer, answers that no such API gives. What a case
/// expects is not compared: that is `footwork test`.
pub(super) fn check(definition: &Path, playable: bool, checked: &mut Checked) {
    let folder = definition.parent().unwrap_or(Path::new(".")).join("cases");
    let mut workflow = None;
    for case in project::folders(&folder) {
        checked.beside += 1;
        duplicates(&case, checked);
        let read = match Case::read(&case) {
            Ok(case) => case,
            Err(faults) => {
                checked.findings.extend(faults.into_iter().map(finding));
                continue;
            }
        };
        if !playable {
            continue;
        }
        let workflow = workflow.get_or_insert_with(|| Workflow::read(definition));
        let Ok(workflow) = workflow else { continue };
        match Run::of(workflow, &read, Options::default()) {
            Ok(run) => checked.findings.extend(
                run.complaints
                    .into_iter()
                    .map(|complaint| Finding::of_file(&case.join("world.json"), "CASE", complaint)),
            ),
            Err(faults) => checked.findings.extend(faults.into_iter().map(finding)),
        }
    }
}

/// Keys that are there twice, which the reader of cases does not see. What is no JSON, it tells.
fn duplicates(case: &Path, checked: &mut Checked) {
    for name in ["input.json", "world.json", "expected.json", "case.json"] {
        let path = case.join(name);
        let file = path.is_file().then(|| File::read(&path, checked)).flatten();
        if let Some(file) = file
            && document::json::read(&file.text).is_ok()
        {
            file.json(checked);
        }
    }
}

fn finding(fault: Fault) -> Finding {
    Finding::of_file(&fault.path, "CASE", fault.message)
}
