//! What Step Functions takes although the API's type is another. It reads parameters into the Java
//! SDK's classes, and their reader is lenient: published workflows that run on AWS rely on it.

use serde_json::{Value, json};

use super::Integration;
use crate::model::{Kind, Shape};

/// A flag or number that is written as text.
pub(super) fn scalar(kind: Kind, value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    match kind {
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        Kind::Integer | Kind::Long => text.parse::<i64>().ok().map(Value::from),
        Kind::Float | Kind::Double => text.parse::<f64>().ok().map(Value::from),
        _ => None,
    }
}

/// A text where DynamoDB's optimised integration wants an attribute value: version 1 of the SDK
/// makes one from a string.
pub(super) fn structure(shape: Shape, integration: Integration, value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let is_value = integration == Integration::Optimised && shape.name() == "AttributeValue";
    is_value.then(|| json!({ "S": text }))
}
