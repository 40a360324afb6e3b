//! Why a task failed: error name and cause, as a Catch sees them.

use serde_json::Value;

use crate::AwsError;

/// Error name and cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub error: Option<String>,
    pub cause: Option<String>,
}

impl Failure {
    pub(super) fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            cause: Some(cause.into()),
        }
    }

    /// AWS has the integration, and this endpoint does not.
    pub(super) fn not_built(service: &str, action: &str) -> Self {
        let cause = format!("the integration {service}:{action} is not built into this endpoint");
        Self::new("States.TaskFailed", cause)
    }

    /// The parameters are not those of the API.
    pub(super) fn bad_parameters(parameters: &Value, faults: &[String]) -> Self {
        let faults = faults.join(", ");
        let cause = format!(
            "The Parameters '{parameters}' could not be used to start the Task: [{faults}]"
        );
        Self::new("States.Runtime", cause)
    }

    /// An error of an `aws-sdk` integration; `service` is the name of the SDK's client.
    pub(super) fn of_sdk(name: String, service: &str, error: &AwsError, request_id: &str) -> Self {
        let AwsError {
            message, status, ..
        } = error;
        let cause = format!(
            "{message} (Service: {service}, Status Code: {status}, Request ID: {request_id}) \
             (SDK Attempt Count: 1)"
        );
        Self::new(name, cause)
    }

    /// An error of an optimised integration; `service` is the name of the older SDK's client.
    pub(super) fn of_optimised(
        name: String,
        service: &str,
        error: &AwsError,
        request_id: &str,
    ) -> Self {
        let AwsError {
            code,
            message,
            status,
            ..
        } = error;
        let cause = format!(
            "{message} (Service: {service}; Status Code: {status}; Error Code: {code}; Request \
             ID: {request_id}; Proxy: null)"
        );
        Self::new(name, cause)
    }
}
