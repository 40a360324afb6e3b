//! SQS's errors. Codes are those of its API model; the codec translates them for the old protocol.

use serde_json::{Value, json};

use crate::AwsError;

pub(super) fn no_queue() -> AwsError {
    AwsError::new("QueueDoesNotExist", "The specified queue does not exist.")
}

pub(super) fn missing(name: &str) -> AwsError {
    let message = format!("The request must contain the parameter {name}.");
    AwsError::new("MissingParameter", message)
}

pub(super) fn invalid_value(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValue", message)
}

pub(super) fn invalid_because(value: impl ToString, name: &str, reason: &str) -> AwsError {
    let value = value.to_string();
    invalid_value(format!(
        "Value {value} for parameter {name} is invalid. Reason: {reason}"
    ))
}

pub(super) fn invalid_receipt(handle: &str) -> AwsError {
    AwsError::new(
        "ReceiptHandleIsInvalid",
        format!("The input receipt handle \"{handle}\" is not a valid receipt handle."),
    )
}

/// What a batch answers for an entry that failed.
pub(super) fn failed_entry(id: &str, error: &AwsError) -> Value {
    json!({
        "Id": id,
        "SenderFault": error.status < 500,
        "Code": error.code,
        "Message": error.message,
    })
}
