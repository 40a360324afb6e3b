//! Definitions at the door: checked on create and update, shown by the describe operations.

use asl::{Diagnostic, Kind, Severity, StateMachine};
use serde_json::Value;

use crate::AwsError;

use super::States;
use super::execution::Execution;
use super::express;
use super::input::Input;

/// The `type` of a request.
pub(super) fn kind(input: Input<'_>) -> Result<Kind, AwsError> {
    Ok(match input.one_of("type", &["STANDARD", "EXPRESS"])? {
        Some("EXPRESS") => Kind::Express,
        _ => Kind::Standard,
    })
}

/// Refuses what AWS refuses.
pub(super) fn check(text: &str, kind: Kind) -> Result<(), AwsError> {
    let refused: Vec<String> = diagnose(text, kind)
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .map(Diagnostic::to_string)
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(AwsError::new(
        "InvalidDefinition",
        format!("Invalid State Machine Definition: '{}'", refused.join(", ")),
    ))
}

/// Everything that is to be said about a definition.
pub(super) fn diagnose(text: &str, kind: Kind) -> Vec<Diagnostic> {
    let (machine, mut found) = StateMachine::parse_with(text, integrations::apis());
    if let (Some(machine), Kind::Express) = (machine, kind) {
        for (pointer, resource) in machine.resources() {
            found.extend(express::fault(resource).map(|message| Diagnostic {
                code: "SCHEMA_VALIDATION_FAILED",
                severity: Severity::Error,
                pointer: Some(pointer.to_owned()),
                span: 0..0,
                message: message.to_owned(),
                help: None,
            }));
        }
    }
    found
}

/// Adds the members that show a definition.
pub(super) fn describe(text: &str, included_data: Option<&str>, out: &mut Value) {
    if included_data == Some("METADATA_ONLY") {
        // The member is required, and AWS leaves it empty.
        out["definition"] = "".into();
    } else {
        out["definition"] = text.into();
    }
}

impl States {
    /// The definition that an execution runs: its machine's, or that part of it which is the item
    /// processor of its map run.
    pub(super) fn definition_of(&self, execution: &Execution) -> Option<String> {
        let Some(parent) = &execution.parent else {
            let revision = self.machines.revision(&execution.revision)?;
            return Some(revision.definition.clone());
        };
        let parents = self.executions.get(&parent.execution_arn).ok()?;
        let definition: Value = serde_json::from_str(&self.definition_of(&parents)?).ok()?;
        let state = definition.pointer(&parent.pointer)?;
        let processor = state
            .get("ItemProcessor")
            .or_else(|| state.get("Iterator"))?;
        Some(processor.to_string())
    }
}
