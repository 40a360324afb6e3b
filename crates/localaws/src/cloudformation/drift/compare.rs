//! Compares what is declared with what is there.
//!
//! Numbers equal their text. Lists are compared without order, except those of arguments and the
//! like. What was added to a declared list, map or document counts; members of an object that the
//! schema names and the template leaves out do not, because services fill them in.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document;
use super::equality::{ORDERED, is_nothing, same_member};
use crate::cloudformation::template::text_of;
use crate::resources::{Schema, Shape};

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

/// What is left out of a comparison.
pub(super) struct Rules<'a> {
    schema: Option<&'static Schema>,
    secrets: &'a [&'a str],
}

impl<'a> Rules<'a> {
    pub(super) fn of(kind: &str, secrets: &'a [&'a str]) -> Self {
        Self {
            schema: Schema::of(kind),
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

    fn write_only(&self) -> &'static [String] {
        self.schema.map_or(&[], Schema::write_only)
    }

    /// The shape of a member.
    fn member(&self, shape: Option<&'static Shape>, name: &str) -> Option<&'static Shape> {
        match self.schema?.resolve(shape?) {
            Shape::Structure(structure) => structure.members.get(name),
            Shape::Map(item) => Some(item),
            Shape::Union(shapes) => shapes
                .iter()
                .find_map(|shape| self.member(Some(shape), name)),
            _ => None,
        }
    }

    /// The shape of the items of a list.
    fn item(&self, shape: Option<&'static Shape>) -> Option<&'static Shape> {
        match self.schema?.resolve(shape?) {
            Shape::List(item) => Some(item),
            Shape::Union(shapes) => shapes.iter().find_map(|shape| self.item(Some(shape))),
            _ => None,
        }
    }

    /// Whether the schema knows a member by its name.
    fn names(&self, shape: Option<&'static Shape>, name: &str) -> bool {
        let (Some(schema), Some(shape)) = (self.schema, shape) else {
            return false;
        };
        match schema.resolve(shape) {
            Shape::Structure(structure) => structure.members.contains_key(name),
            Shape::Union(shapes) => shapes.iter().any(|shape| self.names(Some(shape), name)),
            _ => false,
        }
    }

    fn is_write_only(&self, path: &str) -> bool {
        let path = path.trim_start_matches('/');
        !path.is_empty()
            && self.write_only().iter().any(|pattern| {
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
        let shape = rules.schema.and_then(|schema| schema.property(name));
        let at = At {
            path: format!("/{name}"),
            shape,
            policy: false,
        };
        match actual.get(name) {
            Some(actual) => comparison.value(&at, value, actual),
            None if is_nothing(value) => {}
            None => comparison.removed(&at.path, value),
        }
    }
    comparison.found
}

/// A place in the properties.
struct At {
    path: String,
    /// What the schema says of it; nothing inside documents.
    shape: Option<&'static Shape>,
    /// Inside an access policy.
    policy: bool,
}

struct Comparison<'a> {
    rules: &'a Rules<'a>,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn value(&mut self, at: &At, expected: &Value, actual: &Value) {
        let name = at.path.rsplit('/').next().unwrap_or_default();
        if self.rules.is_secret(expected) || same_member(name, expected, actual, at.policy) {
            return;
        }
        match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => {
                self.objects(at, expected, actual);
            }
            (Value::Array(expected), Value::Array(actual)) => self.lists(at, expected, actual),
            (Value::Object(_) | Value::Array(_), Value::String(_)) => {
                match document::parsed(actual) {
                    Some(parsed) => self.value(at, expected, &parsed),
                    None => self.not_equal(&at.path, expected, actual),
                }
            }
            (Value::Array(expected), one) if at.policy => {
                self.lists(at, expected, std::slice::from_ref(one));
            }
            (one, Value::Array(actual)) if at.policy => {
                self.lists(at, std::slice::from_ref(one), actual);
            }
            _ => self.not_equal(&at.path, expected, actual),
        }
    }

    fn objects(&mut self, at: &At, expected: &Map<String, Value>, actual: &Map<String, Value>) {
        let policy = at.policy || expected.contains_key("Statement");
        for (name, value) in expected {
            let inner = At {
                path: format!("{}/{name}", at.path),
                shape: self.rules.member(at.shape, name),
                policy,
            };
            match actual.get(name) {
                Some(actual) => self.value(&inner, value, actual),
                None if is_nothing(value) => {}
                None => self.removed(&inner.path, value),
            }
        }
        for (name, value) in actual {
            let path = format!("{}/{name}", at.path);
            // Members that the schema names have defaults when they are left out; names that are
            // free are there because somebody added them.
            let free = !self.rules.names(at.shape, name);
            if free && !expected.contains_key(name) && !is_nothing(value) {
                self.added(&path, value);
            }
        }
    }

    fn lists(&mut self, at: &At, expected: &[Value], actual: &[Value]) {
        let name = at.path.rsplit('/').next().unwrap_or_default();
        let inner = |index: usize| At {
            path: format!("{}/{index}", at.path),
            shape: self.rules.item(at.shape),
            policy: at.policy,
        };
        let fits = |one: &Value, other: &Value| {
            let mut trial = Comparison {
                rules: self.rules,
                found: Vec::new(),
            };
            trial.value(&inner(0), one, other);
            trial.found.is_empty()
        };
        let mut left: Vec<(usize, &Value)> = expected.iter().enumerate().collect();
        let mut right: Vec<(usize, &Value)> = actual.iter().enumerate().collect();
        if !ORDERED.contains(&name) {
            left.retain(|(_, one)| {
                let twin = right.iter().position(|(_, other)| fits(one, other));
                twin.map(|at| right.remove(at)).is_none()
            });
        }
        // The same thing with another value: a tag by its key, else whatever stands in the place.
        let mut changed = Vec::new();
        left.retain(|(index, one)| {
            let twin = right
                .iter()
                .position(|(other_index, other)| match key(one) {
                    Some(name) => key(other) == Some(name),
                    None => other_index == index,
                });
            let Some(twin) = twin else { return true };
            let (_, other) = right.remove(twin);
            changed.push((inner(*index), *one, other));
            false
        });
        let removed: Vec<_> = left
            .iter()
            .map(|(index, one)| (inner(*index), *one))
            .collect();
        let added: Vec<_> = right
            .iter()
            .map(|(index, one)| (inner(*index), *one))
            .collect();
        for (at, one, other) in changed {
            self.value(&at, one, other);
        }
        for (at, value) in removed {
            self.removed(&at.path, value);
        }
        for (at, value) in added {
            self.added(&at.path, value);
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
