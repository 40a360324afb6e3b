//! Scalars as text: in queries, headers, paths and XML.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Number, Value};

use super::{Mismatch, time};
use crate::model::{Kind, Member, TimestampFormat};

/// A value as text. Points in time take `format` where the model does not say.
pub(crate) fn to_text(
    member: Member,
    value: &Value,
    format: TimestampFormat,
) -> Result<String, Mismatch> {
    match member.shape().kind() {
        Kind::Timestamp => {
            let format = member.timestamp_format().unwrap_or(format);
            Ok(time::wire_text(time::parse(value)?, format))
        }
        Kind::Boolean => match value {
            Value::Bool(flag) => Ok(flag.to_string()),
            _ => Err(unexpected("a boolean", value)),
        },
        Kind::Integer | Kind::Long => integer(value).map(|number| number.to_string()),
        Kind::Float | Kind::Double => match value {
            Value::Number(number) => Ok(number.to_string()),
            Value::String(text) if is_special(text) => Ok(text.clone()),
            _ => Err(unexpected("a number", value)),
        },
        Kind::Blob => blob(value).cloned(),
        _ => match value {
            Value::String(text) => Ok(text.clone()),
            _ => Err(unexpected("a string", value)),
        },
    }
}

/// A value from text.
pub(crate) fn from_text(member: Member, text: &str) -> Result<Value, Mismatch> {
    let wrong = |what: &str| Mismatch::new(format!("expected {what}, found \"{text}\""));
    Ok(match member.shape().kind() {
        Kind::Timestamp => {
            let found = time::from_text(text.trim()).ok_or_else(|| wrong("a timestamp"))?;
            time::iso(found)
        }
        Kind::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(wrong("a boolean")),
        },
        Kind::Integer | Kind::Long => {
            let number: i64 = text.trim().parse().map_err(|_| wrong("an integer"))?;
            Value::from(number)
        }
        Kind::Float | Kind::Double => {
            let text = text.trim();
            match text.parse::<i64>() {
                _ if is_special(text) => Value::from(text),
                Ok(whole) => Value::from(whole),
                Err(_) => {
                    let number = text.parse().map_err(|_| wrong("a number"))?;
                    Value::Number(Number::from_f64(number).ok_or_else(|| wrong("a number"))?)
                }
            }
        }
        _ => Value::from(text),
    })
}

/// A whole number, also when written with a fraction of zero.
pub(crate) fn integer(value: &Value) -> Result<Number, Mismatch> {
    if let Value::Number(number) = value {
        if number.is_i64() || number.is_u64() {
            return Ok(number.clone());
        }
        if let Some(float) = number.as_f64().filter(|f| f.fract() == 0.0) {
            // Beyond 2^53 a float is not exact anyway.
            return Ok(Number::from(float as i64));
        }
    }
    Err(unexpected("an integer", value))
}

/// Base64 text, after a look at it.
pub(crate) fn blob(value: &Value) -> Result<&String, Mismatch> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(unexpected("base64 text", value)),
    }
}

/// The bytes of a blob.
pub(crate) fn bytes(value: &Value) -> Result<Vec<u8>, Mismatch> {
    let text = blob(value)?;
    let decoded = STANDARD.decode(text.as_bytes());
    decoded.map_err(|_| unexpected("base64 text", value))
}

/// Bytes as a value.
pub(crate) fn from_bytes(bytes: &[u8]) -> Value {
    Value::from(STANDARD.encode(bytes))
}

/// Floats that JSON numbers cannot say.
pub(crate) fn is_special(text: &str) -> bool {
    matches!(text, "NaN" | "Infinity" | "-Infinity")
}

pub(crate) fn unexpected(what: &str, value: &Value) -> Mismatch {
    let mut found = value.to_string();
    if found.len() > 60 {
        found = found.chars().take(60).chain("…".chars()).collect();
    }
    Mismatch::new(format!("expected {what}, found {found}"))
}
