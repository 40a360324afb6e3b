//! Errors of the Step Functions API, in the words that were recorded on AWS.

use crate::AwsError;

pub(super) fn invalid_arn(why: &str) -> AwsError {
    AwsError::new("InvalidArn", format!("Invalid Arn: '{why}'"))
}

pub(super) fn invalid_name(name: &str) -> AwsError {
    AwsError::new("InvalidName", format!("Invalid Name: '{name}'"))
}

pub(super) fn invalid_token() -> AwsError {
    AwsError::new("InvalidToken", "Invalid Token: 'Invalid token'")
}

pub(super) fn no_such_machine(arn: &str) -> AwsError {
    AwsError::new(
        "StateMachineDoesNotExist",
        format!("State Machine Does Not Exist: '{arn}'"),
    )
}

pub(super) fn machine_deleting(arn: &str) -> AwsError {
    AwsError::new(
        "StateMachineDeleting",
        format!("State Machine is being deleted: '{arn}'"),
    )
}

pub(super) fn no_such_execution(arn: &str) -> AwsError {
    AwsError::new(
        "ExecutionDoesNotExist",
        format!("Execution Does Not Exist: '{arn}'"),
    )
}

pub(super) fn no_such_activity(arn: &str) -> AwsError {
    AwsError::new(
        "ActivityDoesNotExist",
        format!("Activity Does Not Exist: '{arn}'"),
    )
}

pub(super) fn no_such_resource(arn: &str) -> AwsError {
    AwsError::new("ResourceNotFound", format!("Resource not found: '{arn}'"))
        .with_field("resourceName", arn.into())
}

/// What aliases say: the resource stays unnamed.
pub(super) fn no_such_reference() -> AwsError {
    AwsError::new(
        "ResourceNotFound",
        "Request references a resource that does not exist.",
    )
}

pub(super) fn not_redrivable(why: impl Into<String>) -> AwsError {
    AwsError::new("ExecutionNotRedrivable", why)
}

pub(super) fn type_not_supported() -> AwsError {
    AwsError::new(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
}

pub(super) fn conflict(message: impl Into<String>) -> AwsError {
    AwsError::new("ConflictException", message)
}

/// More versions or aliases than a state machine may have. AWS's words are not known.
pub(super) fn quota(what: &str, most: usize) -> AwsError {
    AwsError::new(
        "ServiceQuotaExceededException",
        format!("A state machine can have at most {most} {what}"),
    )
}

/// A member that breaks a constraint of the API model.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> AwsError {
    AwsError::validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: \
         Member must {rule}"
    ))
}
