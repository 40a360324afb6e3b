//! Glue's errors.

use crate::AwsError;

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidInputException", message)
}

pub(super) fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::new("EntityNotFoundException", message)
}
