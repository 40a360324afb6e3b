//! When two values mean the same.

use serde_json::Value;

use super::document;
use crate::cloudformation::template::text_of;

/// Lists whose order means something.
pub(super) const ORDERED: [&str; 5] = ["Args", "Command", "EntryPoint", "KeySchema", "Layers"];

/// Values that services give for what was left open.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_nothing),
        _ => false,
    }
}

/// Whether two values of a property mean the same; the name tells whether order matters.
pub(super) fn same_member(name: &str, expected: &Value, actual: &Value, policy: bool) -> bool {
    if let (true, Value::Array(left), Value::Array(right)) =
        (ORDERED.contains(&name), expected, actual)
    {
        let pairs = left.iter().zip(right);
        return left.len() == right.len()
            && pairs
                .into_iter()
                .all(|(one, other)| same(one, other, policy));
    }
    same(expected, actual, policy)
}

/// Whether two values mean the same.
fn same(expected: &Value, actual: &Value, policy: bool) -> bool {
    if expected == actual {
        return true;
    }
    match (expected, actual) {
        (Value::Object(left), Value::Object(right)) => {
            let policy = policy || document::is_policy(expected);
            let left_in_right = left.iter().all(|(name, value)| match right.get(name) {
                Some(other) => same_member(name, value, other, policy),
                None => is_nothing(value),
            });
            let nothing_more = right
                .iter()
                .all(|(name, value)| left.contains_key(name) || is_nothing(value));
            left_in_right && nothing_more
        }
        (Value::Array(left), Value::Array(right)) => same_lists(left, right, policy),
        (Value::Array(left), one) if policy => same_lists(left, std::slice::from_ref(one), policy),
        (one, Value::Array(right)) if policy => {
            same_lists(std::slice::from_ref(one), right, policy)
        }
        (Value::String(_) | Value::Object(_) | Value::Array(_), Value::String(_))
        | (Value::String(_), Value::Object(_) | Value::Array(_)) => {
            if policy && let (Value::String(left), Value::String(right)) = (expected, actual) {
                return document::principal(left) == document::principal(right);
            }
            match (document::parsed(expected), document::parsed(actual)) {
                (Some(left), Some(right)) => same(&left, &right, policy),
                _ => false,
            }
        }
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        (left, right) => same_scalars(&text_of(left), &text_of(right)),
    }
}

fn same_scalars(left: &str, right: &str) -> bool {
    left == right
        || matches!(
            (left.parse::<f64>(), right.parse::<f64>()),
            (Ok(left), Ok(right)) if (left - right).abs() < f64::EPSILON
        )
}

fn same_lists(left: &[Value], right: &[Value], policy: bool) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut open: Vec<&Value> = right.iter().collect();
    left.iter().all(|one| {
        let twin = open.iter().position(|other| same(one, other, policy));
        twin.map(|at| open.remove(at)).is_some()
    })
}
