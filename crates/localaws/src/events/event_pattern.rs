//! Event patterns of rules, and TestEventPattern.

use serde_json::{Value, json};

use crate::params::Params;
use crate::pattern::Pattern;
use crate::{AwsError, Call};

/// Compiles a rule's pattern.
pub(super) fn compile(text: &str) -> Result<Pattern, AwsError> {
    Pattern::parse(text).map_err(|reason| {
        let message = format!("Event pattern is not valid. Reason: {reason}");
        AwsError::new("InvalidEventPatternException", message)
    })
}

pub(super) fn test_event_pattern(call: &Call) -> Result<Value, AwsError> {
    let pattern = compile(call.input.text("EventPattern").unwrap_or_default())?;
    let event = call.input.text("Event").unwrap_or_default();
    let invalid = || AwsError::validation("Parameter Event is not valid.");
    let event: Value = serde_json::from_str(event).map_err(|_| invalid())?;
    let required = [
        "id",
        "account",
        "source",
        "time",
        "region",
        "resources",
        "detail-type",
    ];
    for name in required {
        if event.get(name).is_none() {
            return Err(AwsError::validation(format!(
                "Parameter Event is not valid. Reason: {name} is a required argument."
            )));
        }
    }
    Ok(json!({ "Result": pattern.matches(&event) }))
}
