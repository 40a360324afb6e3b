//! The errors of Cloud Control.

use crate::AwsError;
use crate::resources::{Code, Failure};

/// The type cannot do that.
pub(super) fn unsupported(type_name: &str, action: &str) -> AwsError {
    AwsError::new(
        "UnsupportedActionException",
        format!("Resource type {type_name} does not support {action} action"),
    )
}

/// A handler's failure as the exception that an answer gives at once.
pub(super) fn of(failure: Failure) -> AwsError {
    let (name, status) = match failure.code {
        Code::AlreadyExists => ("AlreadyExistsException", 400),
        Code::NotFound => ("ResourceNotFoundException", 400),
        Code::InvalidRequest => ("InvalidRequestException", 400),
        Code::NotUpdatable => ("NotUpdatableException", 400),
        Code::AccessDenied => ("InvalidCredentialsException", 401),
        Code::Throttling => ("ThrottlingException", 429),
        Code::ServiceLimitExceeded => ("ServiceLimitExceededException", 400),
        Code::ResourceConflict => ("ResourceConflictException", 409),
        Code::NotStabilized => ("NotStabilizedException", 400),
        Code::ServiceInternalError => ("ServiceInternalErrorException", 502),
        Code::GeneralServiceException => ("GeneralServiceException", 400),
        Code::InternalFailure => ("HandlerInternalFailureException", 502),
    };
    AwsError::new(name, failure.message).with_status(status)
}
