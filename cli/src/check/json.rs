//! For programs and editors.

use serde_json::{Value, json};

use super::{Checked, Finding};

/// Everything as one value; places are lines and columns from 1.
pub fn json(checked: &Checked) -> Value {
    let errors = checked.findings.iter().filter(|finding| finding.is_error());
    let errors = errors.count();
    json!({
        "definitions": checked.definitions,
        "templates": checked.templates,
        "errors": errors,
        "warnings": checked.findings.len() - errors,
        "findings": checked.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    let mut told = json!({
        "file": finding.file,
        "code": finding.code,
        "severity": if finding.is_error() { "error" } else { "warning" },
        "message": finding.message,
    });
    if let Some(help) = &finding.help {
        told["help"] = help.as_str().into();
    }
    if let Some(pointer) = &finding.pointer {
        told["pointer"] = pointer.as_str().into();
    }
    if let Some(place) = finding.place() {
        let [start, end] = place.map(|(line, column)| json!({ "line": line, "column": column }));
        told["start"] = start;
        told["end"] = end;
    }
    told
}
