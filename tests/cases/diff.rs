//! Where two JSON values differ, a line each.

use std::collections::BTreeSet;

use serde_json::Value;

/// The differences, by JSON pointer.
pub(crate) fn differences(expected: &Value, got: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", Some(expected), Some(got), &mut found);
    found
}

fn compare(at: &str, expected: Option<&Value>, got: Option<&Value>, found: &mut Vec<String>) {
    match (expected, got) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let names: BTreeSet<_> = left.keys().chain(right.keys()).collect();
            for name in names {
                compare(
                    &format!("{at}/{name}"),
                    left.get(name),
                    right.get(name),
                    found,
                );
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) if !is_words(left) => {
            for index in 0..left.len().max(right.len()) {
                compare(
                    &format!("{at}/{index}"),
                    left.get(index),
                    right.get(index),
                    found,
                );
            }
        }
        (left, right) if left == right => {}
        (left, right) => {
            found.push(format!(
                "  {at}\n    expected {}\n         got {}",
                words(left),
                words(right)
            ));
        }
    }
}

/// Names of states are compared as a whole.
fn is_words(list: &[Value]) -> bool {
    list.iter().all(Value::is_string)
}

fn words(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}
