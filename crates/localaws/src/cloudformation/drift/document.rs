//! Documents inside properties: policies and other JSON, compared by what they mean.

use serde_json::Value;

/// The document, also where it is kept as text.
pub(super) fn parsed(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            let begins = text.trim_start();
            if !begins.starts_with(['{', '[']) {
                return None;
            }
            serde_json::from_str(text).ok()
        }
        Value::Object(_) | Value::Array(_) => Some(value.clone()),
        _ => None,
    }
}

/// Whether a document is an access policy: one value and a list of one mean the same there, and
/// order means nothing.
pub(super) fn is_policy(value: &Value) -> bool {
    value.get("Statement").is_some()
}

/// A root user's ARN means its account.
pub(super) fn principal(text: &str) -> &str {
    let account = text
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.strip_suffix(":root"));
    match account {
        Some(account) if account.len() == 12 => account,
        _ => text,
    }
}
