//! JSON to the engine's values and back.

use indexmap::IndexMap;
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

/// Integers beyond this are not exact in JSONata's numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn from_json(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(flag) => JValue::Bool(*flag),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or(0.0)),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(items) => JValue::array(items.iter().map(from_json).collect()),
        Value::Object(map) => {
            let mut members = IndexMap::with_capacity(map.len());
            for (key, value) in map {
                members.insert(key.clone(), from_json(value));
            }
            JValue::object(members)
        }
    }
}

/// `None` when a function or a number that JSON cannot write is in it.
pub(super) fn to_json(value: &JValue) -> Option<Value> {
    match value {
        JValue::Null => Some(Value::Null),
        JValue::Bool(flag) => Some(Value::Bool(*flag)),
        JValue::Number(number) => to_number(*number).map(Value::Number),
        JValue::String(text) => Some(Value::String(text.to_string())),
        JValue::Array(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items.iter() {
                if !item.is_undefined() {
                    list.push(to_json(item)?);
                }
            }
            Some(Value::Array(list))
        }
        JValue::Object(members) => {
            let mut map = Map::new();
            for (key, value) in members.iter() {
                if !value.is_undefined() {
                    map.insert(key.clone(), to_json(value)?);
                }
            }
            Some(Value::Object(map))
        }
        _ => None,
    }
}

fn to_number(number: f64) -> Option<Number> {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Some(Number::from(number as i64));
    }
    Number::from_f64(number)
}
