//! CBOR bodies (RFC 8949) of Smithy's RPC protocol.
//!
//! Reads into JSON's types (points in time as numbers, bytes as base64 text), so that what JSON's
//! reader knows of shapes holds here too. Writes by shape, because CBOR tells more types apart.

use serde_json::{Map, Number, Value};

use super::{Mismatch, Within, scalar, time};
use crate::model::{Kind, Member, Shape};

const NESTED_TOO_DEEP: usize = 128;

/// Reads a document; nothing is an empty structure.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Mismatch> {
    if bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let mut reader = Reader { bytes, depth: 0 };
    match reader.item() {
        Some(Item::Value(value)) => Ok(value),
        _ => Err(Mismatch::new("not a CBOR document")),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    depth: usize,
}

enum Item {
    Value(Value),
    /// End of a list, map or text of unknown length.
    Break,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.bytes.split_at_checked(count)?;
        self.bytes = tail;
        Some(head)
    }

    fn number(&mut self, count: usize) -> Option<u64> {
        let bytes = self.take(count)?;
        Some(
            bytes
                .iter()
                .fold(0, |sum, &byte| sum << 8 | u64::from(byte)),
        )
    }

    /// The argument of an item's head; nothing inside if the length is unknown.
    fn argument(&mut self, info: u8) -> Option<Option<u64>> {
        Some(match info {
            0..=23 => Some(u64::from(info)),
            24 => Some(self.number(1)?),
            25 => Some(self.number(2)?),
            26 => Some(self.number(4)?),
            27 => Some(self.number(8)?),
            31 => None,
            _ => return None,
        })
    }

    fn item(&mut self) -> Option<Item> {
        self.depth += 1;
        if self.depth > NESTED_TOO_DEEP {
            return None;
        }
        let head = *self.take(1)?.first()?;
        let (major, info) = (head >> 5, head & 31);
        let value = match major {
            0 => Value::from(self.argument(info)??),
            1 => {
                let number = i64::try_from(self.argument(info)??).ok()?;
                Value::from(-1 - number)
            }
            2 => scalar::from_bytes(&self.text(info)?),
            3 => Value::from(String::from_utf8(self.text(info)?).ok()?),
            4 => {
                let length = self.argument(info)?;
                let mut items = Vec::new();
                while length.is_none_or(|length| (items.len() as u64) < length) {
                    match self.item()? {
                        Item::Value(value) => items.push(value),
                        Item::Break if length.is_none() => break,
                        Item::Break => return None,
                    }
                }
                Value::Array(items)
            }
            5 => Value::Object(self.map(info)?),
            // A tag: the only one in use marks seconds since 1970.
            6 => {
                self.argument(info)??;
                let item = self.item()?;
                self.depth -= 1;
                return Some(item);
            }
            _ => match info {
                20 => Value::Bool(false),
                21 => Value::Bool(true),
                22 | 23 => Value::Null,
                25 => float(half(u16::try_from(self.number(2)?).ok()?)),
                26 => float(f64::from(f32::from_bits(
                    u32::try_from(self.number(4)?).ok()?,
                ))),
                27 => float(f64::from_bits(self.number(8)?)),
                31 => {
                    self.depth -= 1;
                    return Some(Item::Break);
                }
                _ => return None,
            },
        };
        self.depth -= 1;
        Some(Item::Value(value))
    }

    fn text(&mut self, info: u8) -> Option<Vec<u8>> {
        if let Some(length) = self.argument(info)? {
            let bytes = self.take(usize::try_from(length).ok()?)?;
            return Some(bytes.to_vec());
        }
        let mut out = Vec::new();
        loop {
            let head = *self.take(1)?.first()?;
            if head == 0xff {
                return Some(out);
            }
            let length = self.argument(head & 31)??;
            out.extend_from_slice(self.take(usize::try_from(length).ok()?)?);
        }
    }

    fn map(&mut self, info: u8) -> Option<Map<String, Value>> {
        let length = self.argument(info)?;
        let mut map = Map::new();
        let mut count = 0;
        while length.is_none_or(|length| count < length) {
            count += 1;
            let key = match self.item()? {
                Item::Value(Value::String(key)) => key,
                Item::Break if length.is_none() => break,
                _ => return None,
            };
            match self.item()? {
                Item::Value(value) => map.insert(key, value),
                Item::Break => return None,
            };
        }
        Some(map)
    }
}

fn float(value: f64) -> Value {
    match Number::from_f64(value) {
        Some(number) => Value::Number(number),
        None if value.is_nan() => Value::from("NaN"),
        None if value > 0.0 => Value::from("Infinity"),
        None => Value::from("-Infinity"),
    }
}

/// A float of 16 bits.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f64::from(bits & 0x3ff);
    sign * match exponent {
        0 => fraction * (-24f64).exp2(),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * f64::from(exponent - 25).exp2(),
    }
}

/// Writes a structure's members.
pub(crate) fn structure(shape: Shape, value: &Map<String, Value>) -> Result<Vec<u8>, Mismatch> {
    let mut out = Vec::new();
    write_structure(shape, value, &mut out)?;
    Ok(out)
}

fn write_structure(
    shape: Shape,
    value: &Map<String, Value>,
    out: &mut Vec<u8>,
) -> Result<(), Mismatch> {
    let given = value.iter().filter(|(_, value)| !value.is_null());
    head(5, given.clone().count() as u64, out);
    for (name, value) in given {
        let Some(member) = shape.member(name) else {
            return Err(Mismatch::new("no such member")).within(name);
        };
        text(member.serial_name(), out);
        write(member, value, out).within(name)?;
    }
    Ok(())
}

fn write(member: Member, value: &Value, out: &mut Vec<u8>) -> Result<(), Mismatch> {
    let shape = member.shape();
    match (shape.kind(), value) {
        (_, value) if shape.is_document() => out.extend(untyped(value)),
        (_, Value::Null) => out.push(0xf6),
        (Kind::Structure, Value::Object(map)) => write_structure(shape, map, out)?,
        (Kind::List, Value::Array(items)) => {
            head(4, items.len() as u64, out);
            for (index, item) in items.iter().enumerate() {
                match shape.element() {
                    Some(element) => write(element, item, out).within(index)?,
                    None => out.extend(untyped(item)),
                }
            }
        }
        (Kind::Map, Value::Object(map)) => {
            head(5, map.len() as u64, out);
            for (key, item) in map {
                text(key, out);
                match shape.value() {
                    Some(element) => write(element, item, out).within(key)?,
                    None => out.extend(untyped(item)),
                }
            }
        }
        (Kind::Structure | Kind::Map, _) => return Err(scalar::unexpected("an object", value)),
        (Kind::List, _) => return Err(scalar::unexpected("a list", value)),
        (Kind::Timestamp, _) => {
            let found = time::parse(value)?;
            out.push(0xc1);
            match found.subsec_nanosecond() {
                0 => integer(found.as_second(), out),
                _ => double(time::seconds(found), out),
            }
        }
        (Kind::Blob, _) => {
            let bytes = scalar::bytes(value)?;
            head(2, bytes.len() as u64, out);
            out.extend(bytes);
        }
        (Kind::Integer | Kind::Long, _) => out.extend(untyped(&scalar::integer(value)?.into())),
        (Kind::Float | Kind::Double, Value::Number(number)) => {
            double(number.as_f64().unwrap_or_default(), out);
        }
        (Kind::Float | Kind::Double, Value::String(text)) if scalar::is_special(text) => {
            double(text.parse().unwrap_or(f64::NAN), out);
        }
        (Kind::Float | Kind::Double, _) => return Err(scalar::unexpected("a number", value)),
        (Kind::Boolean, Value::Bool(_)) | (Kind::String, Value::String(_)) => {
            out.extend(untyped(value));
        }
        (Kind::Boolean, _) => return Err(scalar::unexpected("a boolean", value)),
        (Kind::String, _) => return Err(scalar::unexpected("a string", value)),
    }
    Ok(())
}

/// Writes a value whose shape is not known.
pub(crate) fn untyped(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_untyped(value, &mut out);
    out
}

fn write_untyped(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(flag) => out.push(if *flag { 0xf5 } else { 0xf4 }),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => head(0, number, out),
            (None, Some(number)) => integer(number, out),
            _ => double(number.as_f64().unwrap_or_default(), out),
        },
        Value::String(string) => text(string, out),
        Value::Array(items) => {
            head(4, items.len() as u64, out);
            items.iter().for_each(|item| write_untyped(item, out));
        }
        Value::Object(map) => {
            head(5, map.len() as u64, out);
            for (key, item) in map {
                text(key, out);
                write_untyped(item, out);
            }
        }
    }
}

fn head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    let (info, count) = match argument {
        0..=23 => (argument as u8, 0),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    out.push(major | info);
    out.extend(bytes.iter().skip(8 - count));
}

fn integer(number: i64, out: &mut Vec<u8>) {
    match u64::try_from(number) {
        Ok(number) => head(0, number, out),
        Err(_) => head(1, number.unsigned_abs() - 1, out),
    }
}

fn double(number: f64, out: &mut Vec<u8>) {
    out.push(0xfb);
    out.extend(number.to_be_bytes());
}

fn text(text: &str, out: &mut Vec<u8>) {
    head(3, text.len() as u64, out);
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let value = json!({"a": [1, -1, 300, -70_000, 1.5, u64::MAX], "b": {"c": null, "d": true}});
        assert_eq!(read(&untyped(&value)), Ok(value));
    }

    #[test]
    fn lengths_unknown_halves_and_tags() {
        // {_ "t": 1(1.5 as a half), "s": (_ "a", "b"), "l": [_ 1]}
        let bytes = b"\xbf\x61t\xc1\xf9\x3e\x00\x61s\x7f\x61a\x61b\xff\x61l\x9f\x01\xff\xff";
        assert_eq!(read(bytes), Ok(json!({"t": 1.5, "s": "ab", "l": [1]})));
        assert!(read(&[0x9f; 10_000]).is_err());
        assert!(read(b"\xa1\x61").is_err());
    }
}
