//! `ResultPath`: puts a value where a reference path points.

use serde_json::{Map, Value};

use super::Segment;
use super::select::position;

/// Sets the place; objects that are missing on the way are made, other values replaced.
pub(super) fn assign(target: Value, segments: &[Segment], value: Value) -> Result<Value, String> {
    let mut root = target;
    let mut current = &mut root;
    for segment in segments {
        current = match segment {
            Segment::Name(name) => {
                if !current.is_object() {
                    *current = Value::Object(Map::new());
                }
                match current {
                    Value::Object(map) => map.entry(name.clone()).or_insert(Value::Null),
                    other => other,
                }
            }
            Segment::Index(index) => {
                let place = current
                    .as_array()
                    .and_then(|items| position(*index, items.len()));
                match (current, place) {
                    (Value::Array(items), Some(place)) if place < items.len() => {
                        items.get_mut(place).ok_or("no such item")?
                    }
                    _ => return Err(format!("there is no item [{index}]")),
                }
            }
            _ => return Err("a reference path names one place".to_owned()),
        };
    }
    *current = value;
    Ok(root)
}
