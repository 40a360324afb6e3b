//! JSON bodies: names, points in time and types are checked, all else is the value itself.

use serde_json::{Map, Value};

use super::scalar::{self, is_special, unexpected};
use super::{Mismatch, Within, time};
use crate::model::{Kind, Location, Member, Shape, TimestampFormat};

/// A body's members as a structure's members on the wire.
pub(crate) fn encode_members(
    shape: Shape,
    value: &Map<String, Value>,
) -> Result<Map<String, Value>, Mismatch> {
    let mut out = Map::with_capacity(value.len());
    for (name, value) in value.iter().filter(|(_, value)| !value.is_null()) {
        let Some(member) = shape.member(name) else {
            return Err(Mismatch::new("no such member")).within(name);
        };
        if member.location() == Location::Body {
            let encoded = encode(member, value).within(name)?;
            out.insert(member.serial_name().to_owned(), encoded);
        }
    }
    Ok(out)
}

/// A value as it goes on the wire.
pub(crate) fn encode(member: Member, value: &Value) -> Result<Value, Mismatch> {
    let shape = member.shape();
    if shape.is_document() {
        return Ok(value.clone());
    }
    Ok(match (shape.kind(), value) {
        (Kind::Structure, Value::Object(map)) => Value::Object(encode_members(shape, map)?),
        (Kind::Structure, _) => return Err(unexpected("an object", value)),
        (Kind::List, Value::Array(items)) => {
            let Some(element) = shape.element() else {
                return Ok(value.clone());
            };
            let mut out = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let null = item.is_null();
                out.push(if null {
                    Value::Null
                } else {
                    encode(element, item).within(index)?
                });
            }
            Value::Array(out)
        }
        (Kind::List, _) => return Err(unexpected("a list", value)),
        (Kind::Map, Value::Object(map)) => {
            let Some(element) = shape.value() else {
                return Ok(value.clone());
            };
            let mut out = Map::with_capacity(map.len());
            for (key, item) in map {
                let encoded = match item {
                    Value::Null => Value::Null,
                    _ => encode(element, item).within(key)?,
                };
                out.insert(key.clone(), encoded);
            }
            Value::Object(out)
        }
        (Kind::Map, _) => return Err(unexpected("an object", value)),
        (Kind::Timestamp, _) => {
            let found = time::parse(value)?;
            let format = member.timestamp_format().unwrap_or(TimestampFormat::Unix);
            match (format, time::wire_number(found)) {
                (TimestampFormat::Unix, Some(number)) => Value::Number(number),
                _ => Value::String(time::wire_text(found, format)),
            }
        }
        (Kind::Integer | Kind::Long, _) => Value::Number(scalar::integer(value)?),
        (Kind::Float | Kind::Double, Value::Number(_)) | (Kind::Boolean, Value::Bool(_)) => {
            value.clone()
        }
        (Kind::Float | Kind::Double, Value::String(text)) if is_special(text) => value.clone(),
        (Kind::Float | Kind::Double, _) => return Err(unexpected("a number", value)),
        (Kind::Boolean, _) => return Err(unexpected("a boolean", value)),
        (Kind::String | Kind::Blob, Value::String(_)) => value.clone(),
        (Kind::String | Kind::Blob, _) => return Err(unexpected("a string", value)),
    })
}

/// The members that a body carries, from the wire. Unknown ones are left out, as AWS does.
pub(crate) fn decode_members(shape: Shape, wire: Value) -> Result<Map<String, Value>, Mismatch> {
    let Value::Object(mut wire) = wire else {
        return Err(refused("a structure", &wire));
    };
    let mut out = Map::new();
    for member in shape.members() {
        if member.location() != Location::Body {
            continue;
        }
        if let Some(value) = wire.remove(member.serial_name()).filter(|v| !v.is_null()) {
            let decoded = decode(member, value).within(member.name())?;
            out.insert(member.name().to_owned(), decoded);
        }
    }
    Ok(out)
}

/// A value from the wire.
pub(crate) fn decode(member: Member, wire: Value) -> Result<Value, Mismatch> {
    let shape = member.shape();
    if shape.is_document() {
        return Ok(wire);
    }
    Ok(match (shape.kind(), wire) {
        (Kind::Structure, wire) => Value::Object(decode_members(shape, wire)?),
        (Kind::List, Value::Array(items)) => {
            let Some(element) = shape.element() else {
                return Ok(Value::Array(items));
            };
            let mut out = Vec::with_capacity(items.len());
            for (index, item) in items.into_iter().enumerate() {
                match item {
                    Value::Null if shape.data.sparse => out.push(Value::Null),
                    Value::Null => {}
                    item => out.push(decode(element, item).within(index)?),
                }
            }
            Value::Array(out)
        }
        (Kind::Map, Value::Object(map)) => {
            let Some(element) = shape.value() else {
                return Ok(Value::Object(map));
            };
            let mut out = Map::with_capacity(map.len());
            for (key, item) in map {
                let decoded = match item {
                    Value::Null if shape.data.sparse => Value::Null,
                    Value::Null => continue,
                    item => decode(element, item).within(&key)?,
                };
                out.insert(key, decoded);
            }
            Value::Object(out)
        }
        (Kind::Timestamp, wire @ (Value::Number(_) | Value::String(_))) => {
            time::iso(time::parse(&wire)?)
        }
        (Kind::Integer | Kind::Long, wire @ Value::Number(_)) => {
            Value::Number(scalar::integer(&wire)?)
        }
        (Kind::Float | Kind::Double, wire @ Value::Number(_))
        | (Kind::Boolean, wire @ Value::Bool(_))
        | (Kind::String | Kind::Blob, wire @ Value::String(_)) => wire,
        (Kind::Float | Kind::Double, Value::String(text)) if is_special(&text) => {
            Value::String(text)
        }
        (kind, wire) => return Err(refused(wanted(kind), &wire)),
    })
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Structure => "a structure",
        Kind::List => "a List",
        Kind::Map => "a Map",
        Kind::String => "a String",
        Kind::Boolean => "a Boolean",
        Kind::Integer => "an Integer",
        Kind::Long => "a Long",
        Kind::Float => "a Float",
        Kind::Double => "a Double",
        Kind::Timestamp => "a Timestamp",
        Kind::Blob => "a Blob",
    }
}

/// The sentence of AWS's JSON services: `NUMBER_VALUE can not be converted to a String`.
fn refused(wanted: &str, wire: &Value) -> Mismatch {
    let found = match wire {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "Start of list",
        Value::Object(_) => "Start of structure or map",
    };
    Mismatch::new(match wire {
        Value::Array(_) | Value::Object(_) => format!("{found} found where not expected."),
        _ => format!("{found} can not be converted to {wanted}"),
    })
}
