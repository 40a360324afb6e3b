//! Functions on strings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The longest text that `Base64Encode`, `Base64Decode` and `Hash` take.
const MAX_TEXT: usize = 10_000;

fn string(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("{value} is not a string"))
}

/// Puts the arguments in place of each `{}`; `\{`, `\}` and `\\` stand for themselves.
pub(super) fn format(template: &Value, arguments: &[Value]) -> Result<Value, String> {
    let template = string(template)?;
    let mut text = String::with_capacity(template.len());
    let mut arguments = arguments.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('{' | '}' | '\\' | '\'')) => text.push(escaped),
                Some(other) => {
                    text.push('\\');
                    text.push(other);
                }
                None => text.push('\\'),
            },
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                let value = arguments
                    .next()
                    .ok_or("there are fewer arguments than `{}`")?;
                java(value, false, &mut text);
            }
            other => text.push(other),
        }
    }
    match arguments.next() {
        None => Ok(Value::String(text)),
        Some(_) => Err("there are more arguments than `{}`".to_owned()),
    }
}

/// As Java prints its maps and lists: `{Id=1, Names=[a, b]}`.
fn java(value: &Value, inside: bool, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) if inside => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                java(item, true, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                out.push_str(key);
                out.push('=');
                java(item, true, out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

pub(super) fn string_to_json(value: &Value) -> Result<Value, String> {
    let text = string(value)?;
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Every character of the second text separates; empty pieces are dropped.
pub(super) fn split(text: &Value, separators: &Value) -> Result<Value, String> {
    let (text, separators) = (string(text)?, string(separators)?);
    Ok(text
        .split(|c| separators.contains(c))
        .filter(|piece| !piece.is_empty())
        .map(|piece| Value::String(piece.to_owned()))
        .collect())
}

pub(super) fn encode(value: &Value) -> Result<Value, String> {
    let text = string(value)?;
    if text.len() > MAX_TEXT {
        return Err(format!("the text is longer than {MAX_TEXT} characters"));
    }
    Ok(Value::String(STANDARD.encode(text)))
}

pub(super) fn decode(value: &Value) -> Result<Value, String> {
    let text = string(value)?;
    if text.len() > MAX_TEXT {
        return Err(format!("the text is longer than {MAX_TEXT} characters"));
    }
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
}
