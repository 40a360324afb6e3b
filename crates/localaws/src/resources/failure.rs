//! Why a resource could not be handled, with the codes of CloudFormation's resource providers.

use std::fmt;

use awsapi::AwsError;

/// `HandlerErrorCode` of the resource provider contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A resource with this name exists.
    AlreadyExists,
    /// The resource does not exist.
    NotFound,
    /// The properties are wrong.
    InvalidRequest,
    /// A property cannot be changed in place.
    NotUpdatable,
    /// The caller may not do this.
    AccessDenied,
    /// Too many calls.
    Throttling,
    /// Too many resources.
    ServiceLimitExceeded,
    /// Something else works on the resource.
    ResourceConflict,
    /// The resource did not reach its final state.
    NotStabilized,
    /// The service failed.
    ServiceInternalError,
    /// The service refused, and none of the other codes fits.
    GeneralServiceException,
    /// Nobody answers this here.
    InternalFailure,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The variants have the names that AWS shows.
        fmt::Debug::fmt(self, f)
    }
}

/// A failed handler.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure.
    pub code: Code,
    /// Sentence for people, without the `Resource handler returned message` around it.
    pub message: String,
}

impl Failure {
    /// Makes a failure.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The properties are wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, message)
    }

    /// The resource does not exist.
    pub fn not_found(type_name: &str, identifier: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("Resource of type '{type_name}' with identifier '{identifier}' was not found."),
        )
    }

    /// A resource of the name exists.
    pub fn already_exists(type_name: &str, identifier: &str) -> Self {
        Self::new(
            Code::AlreadyExists,
            format!(
                "Resource of type '{type_name}' with identifier '{identifier}' already exists."
            ),
        )
    }

    /// A service's error, in the words in which the AWS SDK that providers use shows it.
    pub(super) fn of(service: &str, action: &str, error: AwsError) -> Self {
        let code = code_of(&error);
        let AwsError {
            code: name,
            message,
            status,
            ..
        } = error;
        tracing::debug!(service, action, name, message, "a resource's call failed");
        Self::new(
            code,
            format!("{message} (Service: {service}, Status Code: {status}, Error Code: {name})"),
        )
    }
}

fn code_of(error: &AwsError) -> Code {
    let name = error.code.as_str();
    // Queues and buckets that are gone have names of their own; IAM's is NoSuchEntity.
    if name.contains("NotFound")
        || name.starts_with("NoSuch")
        || name.contains("NonExistent")
        || name.contains("DoesNotExist")
    {
        return Code::NotFound;
    }
    if name.contains("AlreadyExists")
        || name.contains("AlreadyOwnedByYou")
        || matches!(
            name,
            "QueueNameExists" | "ParameterAlreadyExists" | "EntityAlreadyExists"
        )
    {
        return Code::AlreadyExists;
    }
    match name {
        "NotImplemented" => Code::InternalFailure,
        "AccessDenied" | "AccessDeniedException" => Code::AccessDenied,
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" => Code::Throttling,
        "LimitExceeded" | "LimitExceededException" => Code::ServiceLimitExceeded,
        "ConflictException"
        | "ResourceConflictException"
        | "DeleteConflict"
        | "ResourceInUseException"
        | "ConcurrentModificationException" => Code::ResourceConflict,
        "ValidationException"
        | "ValidationError"
        | "InvalidParameterValue"
        | "InvalidParameterValueException"
        | "InvalidParameter"
        | "InvalidParameterException"
        | "InvalidRequest"
        | "MalformedPolicyDocument"
        | "InvalidAttributeValue"
        | "InvalidAttributeName"
        | "InvalidDefinition"
        | "InvalidArn" => Code::InvalidRequest,
        _ if error.status >= 500 => Code::ServiceInternalError,
        _ => Code::GeneralServiceException,
    }
}
