//! Batch's errors.

use crate::AwsError;

/// Something is wrong with what the caller sent.
pub(super) fn client(message: impl Into<String>) -> AwsError {
    AwsError::new("ClientException", message)
}

/// All of them, if there are any.
pub(super) fn all(faults: Vec<String>) -> Result<(), AwsError> {
    match faults.is_empty() {
        true => Ok(()),
        false => Err(client(faults.join(" "))),
    }
}

/// Names have letters, numbers, hyphens and underscores, at most 128.
pub(super) fn check_name(what: &str, name: &str) -> Result<(), AwsError> {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    let begins = name
        .bytes()
        .next()
        .is_some_and(|c| c.is_ascii_alphanumeric());
    if begins && name.len() <= 128 && name.bytes().all(allowed) {
        return Ok(());
    }
    Err(client(format!(
        "{what} should match valid pattern: [0-9a-zA-Z][0-9a-zA-Z_-]{{0,127}}"
    )))
}

/// The last part of an ARN, or the name as it is.
pub(super) fn last(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}
