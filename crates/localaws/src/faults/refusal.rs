//! The error that a rule answers.

use super::Rule;
use crate::AwsError;

/// The error of a rule; none for one that only delays.
pub(super) fn of(rule: &Rule) -> Option<AwsError> {
    let given = &rule.given;
    let (code, message, status) = match (&given.error, given.throttle) {
        (Some(code), _) => (code.as_str(), "a fault on request", 400),
        (None, true) => throttling(rule.service()),
        (None, false) => return None,
    };
    let message = given.message.as_deref().unwrap_or(message);
    Some(AwsError::new(code, message).with_status(given.status.unwrap_or(status)))
}

/// How a service says that it is asked too often.
fn throttling(service: &str) -> (&'static str, &'static str, u16) {
    match service {
        "s3" => ("SlowDown", "Please reduce your request rate.", 503),
        "lambda" => ("TooManyRequestsException", "Rate Exceeded.", 429),
        "sqs" => ("RequestThrottled", "Rate exceeded", 400),
        "batch" => ("TooManyRequestsException", "Too Many Requests", 429),
        "cloudformation" | "iam" | "sts" | "sns" | "cloudwatch" => {
            ("Throttling", "Rate exceeded", 400)
        }
        "ec2" => ("RequestLimitExceeded", "Request limit exceeded.", 503),
        _ => ("ThrottlingException", "Rate exceeded", 400),
    }
}
