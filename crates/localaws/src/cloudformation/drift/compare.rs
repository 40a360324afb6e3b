//! Compares what is declared with what is there.
//!
//! Numbers equal their text. Lists are compared without order, except those of arguments and the
//! like; what was added inside a declared object or list counts, what was never declared does not.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document;
use crate::cloudformation::template::text_of;
use crate::resources::Schema;

/// A property that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Difference {
    /// Begins with a slash, names and indices between slashes.
    pub(crate) path: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
    /// `ADD`, `REMOVE` or `NOT_EQUAL`.
    pub(crate) kind: String,
}

/// Lists whose order means something.
const ORDERED: [&str; 5] = ["Args", "Command", "EntryPoint", "KeySchema", "Layers"];

/// What is left out of a comparison.
pub(super) struct Rules<'a> {
    write_only: &'static [String],
    secrets: &'a [&'a str],
}

impl<'a> Rules<'a> {
    pub(super) fn of(kind: &str, secrets: &'a [&'a str]) -> Self {
        Self {
            write_only: Schema::of(kind).map_or(&[], Schema::write_only),
            secrets,
        }
    }

    /// The declared properties that can be compared at all.
    pub(super) fn comparable(&self, declared: &Value) -> Value {
        self.kept("", declared).unwrap_or_default()
    }

    fn kept(&self, path: &str, value: &Value) -> Option<Value> {
        if self.is_write_only(path) {
            return None;
        }
        Some(match value {
            Value::Object(map) => Value::Object(
                map.iter()
                    .filter_map(|(name, value)| {
                        let path = format!("{path}/{name}");
                        Some((name.clone(), self.kept(&path, value)?))
                    })
                    .collect(),
            ),
            Value::Array(list) => {
                let entries = list.iter().enumerate();
                entries
                    .filter_map(|(index, value)| self.kept(&format!("{path}/{index}"), value))
                    .collect()
            }
            other => other.clone(),
        })
    }

    fn is_write_only(&self, path: &str) -> bool {
        let path = path.trim_start_matches('/');
        !path.is_empty()
            && self.write_only.iter().any(|pattern| {
                let (mut wanted, mut steps) = (pattern.split('/'), path.split('/'));
                loop {
                    match (wanted.next(), steps.next()) {
                        (None, None) => return true,
                        (Some(want), Some(step)) if want == "*" || want == step => {}
                        _ => return false,
                    }
                }
            })
    }

    fn is_secret(&self, value: &Value) -> bool {
        value
            .as_str()
            .is_some_and(|text| self.secrets.iter().any(|secret| text.contains(secret)))
    }
}

/// The part of the live properties that is declared.
pub(super) fn declared_part(expected: &Value, actual: &Value) -> Value {
    let (Value::Object(expected), Value::Object(actual)) = (expected, actual) else {
        return actual.clone();
    };
    let names = expected.keys();
    Value::Object(
        names
            .filter_map(|name| Some((name.clone(), actual.get(name)?.clone())))
            .collect(),
    )
}

/// All differences between declared and live properties.
pub(super) fn differences(rules: &Rules<'_>, expected: &Value, actual: &Value) -> Vec<Difference> {
    let mut comparison = Comparison {
        rules,
        found: Vec::new(),
    };
    let (Value::Object(expected), Value::Object(actual)) = (expected, actual) else {
        return Vec::new();
    };
    for (name, value) in expected {
        let path = format!("/{name}");
        match actual.get(name) {
            Some(actual) => comparison.value(&path, value, actual, false),
            None => comparison.removed(&path, value),
        }
    }
    comparison.found
}

struct Comparison<'a> {
    rules: &'a Rules<'a>,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn value(&mut self, path: &str, expected: &Value, actual: &Value, policy: bool) {
        let name = path.rsplit('/').next().unwrap_or_default();
        if self.rules.is_secret(expected) || same_member(name, expected, actual, policy) {
            return;
        }
        match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => {
                let policy = policy || expected.contains_key("Statement");
                self.objects(path, expected, actual, policy);
            }
            (Value::Array(expected), Value::Array(actual)) => {
                self.lists(path, expected, actual, policy);
            }
            (Value::Object(_) | Value::Array(_), Value::String(_)) => {
                match document::parsed(actual) {
                    Some(parsed) => self.value(path, expected, &parsed, policy),
                    None => self.not_equal(path, expected, actual),
                }
            }
            (Value::Array(expected), one) if policy => {
                self.lists(path, expected, std::slice::from_ref(one), policy);
            }
            (one, Value::Array(actual)) if policy => {
                self.lists(path, std::slice::from_ref(one), actual, policy);
            }
            _ => self.not_equal(path, expected, actual),
        }
    }

    fn objects(
        &mut self,
        path: &str,
        expected: &Map<String, Value>,
        actual: &Map<String, Value>,
        policy: bool,
    ) {
        for (name, value) in expected {
            let path = format!("{path}/{name}");
            match actual.get(name) {
                Some(actual) => self.value(&path, value, actual, policy),
                None if is_nothing(value) => {}
                None => self.removed(&path, value),
            }
        }
        for (name, value) in actual {
            // Services fill in what was left open; only what says something was added.
            if !expected.contains_key(name) && !is_nothing(value) {
                self.added(&format!("{path}/{name}"), value);
            }
        }
    }

    fn lists(&mut self, path: &str, expected: &[Value], actual: &[Value], policy: bool) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut left: Vec<(usize, &Value)> = expected.iter().enumerate().collect();
        let mut right: Vec<(usize, &Value)> = actual.iter().enumerate().collect();
        if !ORDERED.contains(&name) {
            left.retain(|(_, one)| {
                let twin = right.iter().position(|(_, other)| same(one, other, policy));
                twin.map(|at| right.remove(at)).is_none()
            });
        }
        // The same thing with another value: a tag by its key, else whatever stands in the place.
        left.retain(|(index, one)| {
            let twin = right
                .iter()
                .position(|(other_index, other)| match key(one) {
                    Some(name) => key(other) == Some(name),
                    None => other_index == index,
                });
            match twin {
                Some(at) => {
                    let (_, other) = right.remove(at);
                    self.value(&format!("{path}/{index}"), one, other, policy);
                    false
                }
                None => true,
            }
        });
        for (index, value) in left {
            self.removed(&format!("{path}/{index}"), value);
        }
        for (index, value) in right {
            self.added(&format!("{path}/{index}"), value);
        }
    }

    fn removed(&mut self, path: &str, expected: &Value) {
        if !self.rules.is_secret(expected) {
            self.push(path, text_of(expected), "null".to_owned(), "REMOVE");
        }
    }

    fn added(&mut self, path: &str, actual: &Value) {
        self.push(path, "null".to_owned(), text_of(actual), "ADD");
    }

    fn not_equal(&mut self, path: &str, expected: &Value, actual: &Value) {
        self.push(path, text_of(expected), text_of(actual), "NOT_EQUAL");
    }

    fn push(&mut self, path: &str, expected: String, actual: String, kind: &str) {
        self.found.push(Difference {
            path: path.to_owned(),
            expected,
            actual,
            kind: kind.to_owned(),
        });
    }
}

/// What names an element of a list.
fn key(value: &Value) -> Option<&str> {
    [
        "Key",
        "Id",
        "Sid",
        "Name",
        "AttributeName",
        "PolicyName",
        "IndexName",
    ]
    .iter()
    .find_map(|name| value.get(*name).and_then(Value::as_str))
}

/// Values that services give for what was left open.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_nothing),
        _ => false,
    }
}

/// Whether two values of a property mean the same; the name tells whether order matters.
fn same_member(name: &str, expected: &Value, actual: &Value, policy: bool) -> bool {
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
