//! From the engine's errors to ours.

use serde_json::{Map, Value};

use crate::AwsError;

/// An error of an operation, with members such as `CancellationReasons` and `Item`.
pub(super) fn of_engine(failure: &dynoxide::DynoxideError) -> AwsError {
    let parsed = serde_json::from_str::<Map<String, Value>>(&failure.to_json());
    let mut members = parsed.unwrap_or_default();
    let mut text = |name: &str| {
        let value = members.shift_remove(name)?;
        value.as_str().map(str::to_owned)
    };
    let code = text("__type").unwrap_or_default();
    let code = code.rsplit('#').next().unwrap_or_default();
    let message = text("message").or_else(|| text("Message"));
    let mut error = AwsError::new(code, message.unwrap_or_default());
    error.status = failure.status_code();
    error.fields = members;
    error
}

/// An error of reading the input: the engine marks with a prefix what class it is of.
pub(super) fn of_input(failure: &serde_json::Error) -> AwsError {
    let text = failure.to_string();
    for marker in ["VALIDATION:", "VALIDATION_REQUEST:", "VALIDATION_AS_READ:"] {
        if let Some(message) = text.strip_prefix(marker) {
            return AwsError::validation(message);
        }
    }
    for marker in ["SERIALIZATION:", "SERIALIZATION_AS_READ:"] {
        if let Some(message) = text.strip_prefix(marker) {
            return AwsError::new("SerializationException", message);
        }
    }
    // Types were checked before, so what is left is wrong in its value.
    AwsError::validation(text)
}
