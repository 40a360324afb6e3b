//! Runs one recorded vector and says how the run differs from the recording.
//!
//! Knows neither the list of known differences ([`known`]) nor where the data lies: whoever walks
//! the data does.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

pub(crate) mod compare;
pub(crate) mod eras;
mod host;
pub(crate) mod known;
mod reader;

use std::sync::Arc;

use asl::Integrations;
use serde_json::{Value, json};

/// Empty when nothing differs. What is known of APIs checks the tasks' parameters, as on AWS; where
/// nothing is, the recording says which were refused.
pub(crate) fn replay(vector: &Value, apis: Option<&Arc<dyn Integrations>>) -> Vec<String> {
    match (host::run(vector, apis), host::run(vector, apis)) {
        (Ok(run), Ok(again)) if run != again => vec!["two runs differ".to_owned()],
        (Ok(run), _) => compare::compare(vector, &run),
        (Err(why), _) => vec![why],
    }
}

/// The run in the shape that is compared.
pub(crate) fn run_of(execution: &asl::Execution) -> Value {
    let events: Vec<Value> = execution
        .events()
        .iter()
        .map(|event| event.to_api(true))
        .collect();
    json!({
        "events": events,
        "status": execution.status().as_str(),
        "output": execution.output(),
        "error": execution.error(),
        "cause": execution.cause(),
    })
}
