//! JSON to the engine's values and back.

use std::cell::RefCell;
use std::collections::VecDeque;

use indexmap::IndexMap;
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

use crate::data::Data;

/// Integers beyond this are not exact in JSONata's numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A result that nests deeper is refused: everything that walks values recurses.
const MAX_DEPTH: usize = 600;

thread_local! {
    /// The last large values, so that the iterations of a Map convert their common input once.
    static RECENT: RefCell<VecDeque<(Data, JValue)>> = const { RefCell::new(VecDeque::new()) };
}

/// How many values [`from_data`] remembers.
const REMEMBERED: usize = 4;
/// Members or items from which on a value is large.
const LARGE: usize = 64;

/// [`from_json`] of shared data; the last large values are converted once.
pub(super) fn from_data(data: &Data) -> JValue {
    let size = match data.value() {
        Value::Array(items) => items.len(),
        // The list may be a member of it.
        Value::Object(members) => members
            .values()
            .map(|member| member.as_array().map_or(1, Vec::len))
            .sum(),
        _ => 0,
    };
    if size < LARGE {
        return from_json(data.value());
    }
    RECENT.with_borrow_mut(|recent| {
        if let Some((_, value)) = recent.iter().find(|(known, _)| known.is_same(data)) {
            return value.clone();
        }
        let value = from_json(data.value());
        recent.truncate(REMEMBERED - 1);
        recent.push_front((data.clone(), value.clone()));
        value
    })
}

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

/// `None` when a function, a number that JSON cannot write, or too deep a value is in it.
pub(super) fn to_json(value: &JValue) -> Option<Value> {
    to_json_within(value, MAX_DEPTH)
}

fn to_json_within(value: &JValue, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match value {
        JValue::Null => Some(Value::Null),
        JValue::Bool(flag) => Some(Value::Bool(*flag)),
        JValue::Number(number) => to_number(*number).map(Value::Number),
        JValue::String(text) => Some(Value::String(text.to_string())),
        JValue::Array(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items.iter() {
                if !item.is_undefined() {
                    list.push(to_json_within(item, depth)?);
                }
            }
            Some(Value::Array(list))
        }
        JValue::Object(members) => {
            let mut map = Map::new();
            for (key, value) in members.iter() {
                if !value.is_undefined() {
                    map.insert(key.clone(), to_json_within(value, depth)?);
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
