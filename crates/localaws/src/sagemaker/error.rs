//! SageMaker's errors.

use crate::AwsError;

pub(super) fn in_use(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceInUse", message)
}

pub(super) fn not_found(what: &str, arn: &str) -> AwsError {
    AwsError::validation(format!("Could not find {what} \"{arn}\"."))
}
