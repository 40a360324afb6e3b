//! An error as an AWS service answers it, free of any wire format.

use std::fmt;

use serde_json::{Map, Value};

/// What a service answers when it refuses or fails a call.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsError {
    /// Error code without namespace, as clients match on it: `ResourceNotFoundException`.
    pub code: String,
    /// Sentence for people, as the service words it.
    pub message: String,
    /// HTTP status; 4xx is the caller's fault, 5xx the service's.
    pub status: u16,
    /// Modelled members beyond code and message, for example `CancellationReasons`.
    pub fields: Map<String, Value>,
}

impl AwsError {
    /// Makes an error that is the caller's fault (status 400).
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status: 400,
            fields: Map::new(),
        }
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a modelled member.
    #[must_use]
    pub fn with_field(mut self, name: impl Into<String>, value: Value) -> Self {
        self.fields.insert(name.into(), value);
        self
    }

    /// A call of the right form that asks for something impossible.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The service failed through no fault of the caller.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new("InternalFailure", message).with_status(500)
    }

    /// The operation exists on AWS, but nobody answers it here.
    pub fn not_implemented(service: &str, action: &str) -> Self {
        Self::new(
            "NotImplemented",
            format!("{service}:{action} is not implemented by this endpoint"),
        )
        .with_status(501)
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for AwsError {}
