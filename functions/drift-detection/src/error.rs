//! What can go wrong in a function, and the name Step Functions knows it by.
//!
//! Not here: a stack that cannot be checked. That is a finding of the run, not a failure of a function.

/// A failure of a function. [`Error::name`] is the `errorType` that the workflow's `Retry` and `Catch` see.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The input of the run is wrong; every fault is listed. Retrying cannot help.
    #[error("{}", numbered(.0))]
    InvalidInput(Vec<String>),
    /// AWS refused a call because of its rate, after the SDK's own retries.
    #[error("{call} was throttled: {message}")]
    Throttled {
        /// Service and operation.
        call: &'static str,
        /// What AWS said.
        message: String,
    },
    /// AWS could not be reached, did not answer in time, or answered with a fault of its own.
    #[error("{call} is unavailable: {message}")]
    Unavailable {
        /// Service and operation.
        call: &'static str,
        /// What AWS or the network said.
        message: String,
    },
    /// The function's role may not make the call.
    #[error("{call} is not allowed: {message}")]
    AccessDenied {
        /// Service and operation.
        call: &'static str,
        /// What AWS said.
        message: String,
    },
    /// Any other refusal by AWS.
    #[error("{call} failed with {code}: {message}")]
    Refused {
        /// Service and operation.
        call: &'static str,
        /// The error code.
        code: String,
        /// What AWS said.
        message: String,
    },
    /// What an earlier step of the run wrote is missing or cannot be read.
    #[error("this run is broken: {0}")]
    BrokenRun(String),
}

impl Error {
    /// The error name for Step Functions, such as `Drift.InvalidInput`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::InvalidInput(_) => "Drift.InvalidInput",
            Self::Throttled { .. } => "Drift.Throttled",
            Self::Unavailable { .. } => "Drift.Unavailable",
            Self::AccessDenied { .. } => "Drift.AccessDenied",
            Self::Refused { .. } => "Drift.Refused",
            Self::BrokenRun(_) => "Drift.BrokenRun",
        }
    }

    /// Sorts an error answer of AWS by its code.
    pub fn from_code(call: &'static str, code: &str, message: String) -> Self {
        match code {
            "Throttling"
            | "ThrottlingException"
            | "RequestLimitExceeded"
            | "TooManyRequestsException"
            | "SlowDown" => Self::Throttled { call, message },
            "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
                Self::AccessDenied { call, message }
            }
            "InternalFailure"
            | "InternalError"
            | "ServiceUnavailable"
            | "ServiceUnavailableException" => Self::Unavailable { call, message },
            _ => Self::Refused {
                call,
                code: code.to_owned(),
                message,
            },
        }
    }
}

impl From<Error> for lambda_runtime::Diagnostic {
    fn from(error: Error) -> Self {
        Self {
            error_type: error.name().to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// One line, because it travels as the `Cause` of an execution and is shown on terminals and in alarms.
fn numbered(faults: &[String]) -> String {
    match faults {
        [only] => format!("the input has a fault: {only}"),
        many => {
            let list: Vec<_> = many
                .iter()
                .enumerate()
                .map(|(i, fault)| format!("({}) {fault}", i + 1))
                .collect();
            format!("the input has {} faults: {}", many.len(), list.join("; "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_in_one_line() {
        let error = Error::InvalidInput(vec!["a is wrong".into(), "b is missing".into()]);
        assert_eq!(
            error.to_string(),
            "the input has 2 faults: (1) a is wrong; (2) b is missing"
        );
        let diagnostic = lambda_runtime::Diagnostic::from(error);
        assert_eq!(diagnostic.error_type, "Drift.InvalidInput");
    }

    #[test]
    fn codes_decide_whether_the_workflow_retries() {
        let name = |code| Error::from_code("cloudformation:ListStacks", code, String::new()).name();
        assert_eq!(name("Throttling"), "Drift.Throttled");
        assert_eq!(name("AccessDenied"), "Drift.AccessDenied");
        assert_eq!(name("ServiceUnavailable"), "Drift.Unavailable");
        assert_eq!(name("ValidationError"), "Drift.Refused");
    }
}
