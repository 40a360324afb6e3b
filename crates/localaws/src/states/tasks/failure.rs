//! Why a task failed: error name and cause, as a Catch sees them.

use std::fmt;

use serde_json::Value;

/// Error name and cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub error: String,
    pub cause: String,
    /// The task could not be started through the fault of its parameters: nothing catches that.
    pub refused: bool,
}

impl Failure {
    pub(super) fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            cause: cause.into(),
            refused: false,
        }
    }

    /// AWS has the integration, and this endpoint does not.
    pub(super) fn not_built(service: &str, action: &str) -> Self {
        let cause = format!("the integration {service}:{action} is not built into this endpoint");
        Self::new("States.TaskFailed", cause)
    }

    /// The task cannot be started, for a reason that nothing catches.
    pub(super) fn refused(cause: impl Into<String>) -> Self {
        Self {
            refused: true,
            ..Self::new("States.Runtime", cause)
        }
    }

    /// The parameters are not those of the API.
    pub(super) fn bad_parameters(parameters: &Value, fault: &impl fmt::Display) -> Self {
        let cause =
            format!("The Parameters '{parameters}' could not be used to start the Task: [{fault}]");
        Self::refused(cause)
    }
}
