//! Where two JSON values differ.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// One place at which what happened is not what was expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// JSON pointer into `expected.json`.
    pub pointer: String,
    /// What stands there; nothing if it is not expected.
    pub expected: Option<Value>,
    /// What happened; nothing if it did not.
    pub got: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |value: &Option<Value>| {
            let value = value.as_ref();
            value.map_or_else(|| "nothing".to_owned(), Value::to_string)
        };
        let place = if self.pointer.is_empty() {
            "(the whole)"
        } else {
            &self.pointer
        };
        writeln!(f, "{place}")?;
        writeln!(f, "  expected {}", words(&self.expected))?;
        write!(f, "       got {}", words(&self.got))
    }
}

/// All of them, in the order of pointers.
pub(crate) fn differences(expected: &Value, got: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(expected), Some(got), &mut found);
    found
}

fn compare(at: String, expected: Option<&Value>, got: Option<&Value>, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let names: BTreeSet<_> = left.keys().chain(right.keys()).collect();
            for name in names {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                compare(at, left.get(name), right.get(name), found);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) if !is_words(left) => {
            for index in 0..left.len().max(right.len()) {
                let at = format!("{at}/{index}");
                compare(at, left.get(index), right.get(index), found);
            }
        }
        (left, right) if same(left, right) => {}
        (left, right) => found.push(Difference {
            pointer: at,
            expected: left.cloned(),
            got: right.cloned(),
        }),
    }
}

/// `1` and `1.0` are the same number.
fn same(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Number(left)), Some(Value::Number(right))) => {
            left == right || left.as_f64() == right.as_f64()
        }
        _ => left == right,
    }
}

/// Names of states are compared as a whole.
fn is_words(list: &[Value]) -> bool {
    list.iter().all(Value::is_string)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_is_named() {
        let expected = json!({ "a/b": 1, "list": [{ "x": 1 }], "states": ["A", "B"], "n": 2 });
        let got = json!({ "a/b": 2, "list": [{ "x": 1 }, 7], "states": ["A"], "n": 2.0 });
        let places: Vec<_> = differences(&expected, &got)
            .into_iter()
            .map(|difference| difference.pointer)
            .collect();
        assert_eq!(places, ["/a~1b", "/list/1", "/states"]);
    }
}
