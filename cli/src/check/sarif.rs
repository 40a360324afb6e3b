//! SARIF 2.1.0, which code hosts and editors read
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Checked, Finding, codes};

/// Everything as one SARIF log.
pub fn sarif(checked: &Checked) -> Value {
    let codes: BTreeSet<_> = checked.findings.iter().map(|f| f.code.as_str()).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "footwork",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": checked.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: &str) -> Value {
    json!({ "id": code, "shortDescription": { "text": codes::meaning(code).unwrap_or(code) } })
}

fn result(finding: &Finding) -> Value {
    // A path in SARIF is a URI reference: with slashes.
    let path = finding.file.to_string_lossy().replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut place = json!({ "artifactLocation": { "uri": path } });
    if let Some([(line, column), (end_line, end_column)]) = finding.place() {
        place["region"] = json!({
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        });
    }
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push_str(". Help: ");
        text.push_str(help);
    }
    json!({
        "ruleId": finding.code,
        "level": if finding.is_error() { "error" } else { "warning" },
        "message": { "text": text },
        "locations": [{ "physicalLocation": place }],
    })
}
