//! Structured log lines: one JSON object a line on stderr, which Lambda sends to CloudWatch Logs.
//!
//! Not for payloads: a line holds names, counts and locations, never a property's value.

use std::io::Write;

use serde_json::{Map, Value};

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

/// Writes an `ERROR` line.
pub fn error(message: &str, fields: Value) {
    line("ERROR", message, fields);
}
