//! `ValidateStateMachineDefinition`: every fault with its place.

use asl::Severity;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::definition;
use crate::states::input::Input;

pub(super) fn run(input: Input<'_>) -> Result<Value, AwsError> {
    let text = input.text("definition").unwrap_or_default();
    let kind = definition::kind(input)?;
    let severity = input.one_of("severity", &["ERROR", "WARNING"])?;
    let most = match input.number("maxResults", 0, 100)? {
        None | Some(0) => 100,
        Some(most) => usize::try_from(most).unwrap_or(100),
    };
    let mut found = definition::diagnose(text, kind);
    let failed = found.iter().any(asl::Diagnostic::is_error);
    if severity != Some("WARNING") {
        found.retain(asl::Diagnostic::is_error);
    }
    let truncated = found.len() > most;
    found.truncate(most);
    let diagnostics = found.into_iter().map(|diagnostic| {
        let mut out = json!({
            "severity": match diagnostic.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
            },
            "code": diagnostic.code,
            "message": diagnostic.message,
        });
        if let Some(pointer) = diagnostic.pointer {
            out["location"] = pointer.into();
        }
        out
    });
    Ok(json!({
        "result": if failed { "FAIL" } else { "OK" },
        "diagnostics": diagnostics.collect::<Value>(),
        "truncated": truncated,
    }))
}
