//! Structured log lines: one JSON object a line on stderr, which Lambda sends to CloudWatch Logs.
//!
//! Not for payloads: a line holds names, counts and locations, never a property's value, and no
//! account's number.

use std::io::Write;

use serde_json::{Map, Value, json};

/// Writes a line with a level, a message and further fields.
pub fn line(level: &str, message: &str, fields: Value) {
    let mut object = Map::new();
    object.insert("level".into(), level.into());
    object.insert("message".into(), message.into());
    if let Value::Object(fields) = fields {
        object.extend(fields);
    }
    // A function that cannot write to stderr has nobody to tell it to.
    let _ = writeln!(std::io::stderr().lock(), "{}", Value::Object(object));
}

/// Writes an `INFO` line.
pub fn info(message: &str, fields: Value) {
    line("INFO", message, fields);
}

/// Writes an `ERROR` line with a cause. AWS's own words often hold ARNs; the accounts in them are
/// left out.
pub fn error(message: &str, cause: &str) {
    let cause = without_accounts(cause);
    line("ERROR", message, json!({ "cause": cause }));
}

fn without_accounts(text: &str) -> String {
    let is_account = |part: &str| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit());
    let parts = text.split(':');
    let parts = parts.map(|part| if is_account(part) { "…" } else { part });
    parts.collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_in_arns_are_left_out() {
        let said =
            "User: arn:aws:sts::111122223333:assumed-role/x is not authorized on arn:aws:s3:::b";
        let expected = said.replace("111122223333", "…");
        assert_eq!(without_accounts(said), expected);
    }
}
