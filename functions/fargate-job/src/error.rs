//! What can go wrong in a function, and the name Step Functions knows it by.
//!
//! Not here: a container that fails. That is what a run is there to tell.

/// A failure of a function. [`Error::name`] is the `errorType` that the workflow's `Retry` and `Catch` see.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The input of the run is wrong; every fault is listed. Retrying cannot help.
    #[error("{}", numbered(.0))]
    InvalidInput(Vec<String>),
    /// An earlier run had the same idempotency key.
    #[error("the run `{0}` had the same idempotency key")]
    Duplicate(String),
    /// AWS refused a call because of its rate.
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
    /// What an earlier step of the run, or the template, wrote cannot be read.
    #[error("this run is broken: {0}")]
    BrokenRun(String),
}

impl Error {
    /// The error name for Step Functions, such as `Job.InvalidInput`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::InvalidInput(_) => "Job.InvalidInput",
            Self::Duplicate(_) => "Job.Duplicate",
            Self::Throttled { .. } => "Job.Throttled",
            Self::Unavailable { .. } => "Job.Unavailable",
            Self::AccessDenied { .. } => "Job.AccessDenied",
            Self::Refused { .. } => "Job.Refused",
            Self::BrokenRun(_) => "Job.BrokenRun",
        }
    }

    /// Sorts an error answer of AWS by its code and HTTP status.
    pub fn from_code(call: &'static str, code: &str, status: u16, message: String) -> Self {
        match code {
            "Throttling"
            | "ThrottlingException"
            | "RequestLimitExceeded"
            | "ProvisionedThroughputExceededException"
            | "TooManyRequestsException"
            | "LimitExceededException"
            | "SlowDown" => Self::Throttled { call, message },
            "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
                Self::AccessDenied { call, message }
            }
            _ if status >= 500 => Self::Unavailable { call, message },
            _ => Self::Refused {
                call,
                code: code.to_owned(),
                message,
            },
        }
    }

    /// Whether AWS refused a call with this code.
    pub fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == wanted)
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
    fn codes_decide_whether_the_workflow_retries() {
        let name = |code, status| {
            Error::from_code("ecs:DescribeTasks", code, status, String::new()).name()
        };
        assert_eq!(name("ThrottlingException", 400), "Job.Throttled");
        assert_eq!(name("AccessDeniedException", 400), "Job.AccessDenied");
        assert_eq!(name("ServerException", 500), "Job.Unavailable");
        assert_eq!(name("ClientException", 400), "Job.Refused");
    }

    #[test]
    fn every_fault_is_named_in_one_line() {
        let error = Error::InvalidInput(vec!["a is wrong".into(), "b is missing".into()]);
        assert_eq!(
            error.to_string(),
            "the input has 2 faults: (1) a is wrong; (2) b is missing"
        );
    }
}
