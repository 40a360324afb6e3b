//! Definitions at the door: checked on create and update, shown by the describe operations.

use asl::{Diagnostic, Kind, StateMachine};
use serde_json::{Value, json};

use crate::AwsError;

use super::States;
use super::execution::Execution;
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
    let mut found = diagnose(text, kind);
    found.retain(Diagnostic::is_error);
    if found.is_empty() {
        return Ok(());
    }
    Err(refuse(&found))
}

/// The refusal for some faults.
pub(super) fn refuse(faults: &[Diagnostic]) -> AwsError {
    let faults: Vec<String> = faults.iter().map(Diagnostic::to_string).collect();
    AwsError::new(
        "InvalidDefinition",
        format!("Invalid State Machine Definition: '{}'", faults.join(", ")),
    )
}

/// Everything that is to be said about a definition.
pub(super) fn diagnose(text: &str, kind: Kind) -> Vec<Diagnostic> {
    let (machine, mut found) = StateMachine::parse_with(text, integrations::apis());
    found.extend(machine.iter().flat_map(|machine| machine.check_kind(kind)));
    found
}

/// Adds the members that show a definition.
pub(super) fn describe(
    text: &str,
    program: &StateMachine,
    included_data: Option<&str>,
    out: &mut Value,
) {
    if included_data == Some("METADATA_ONLY") {
        // The member is required, and AWS leaves it empty.
        out["definition"] = "".into();
        return;
    }
    out["definition"] = text.into();
    let references = program.variable_references();
    if !references.is_empty() {
        out["variableReferences"] = json!(references);
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
