//! What is wrong with the parameters of a task, before it runs.

use std::fmt;

use serde_json::Value;

use super::names::{find, member_name};
use super::{Integration, lenient};
use crate::model::{Kind, Operation, Shape};

/// A parameter that Step Functions refuses, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer into the parameters; empty for the parameters as a whole.
    pub pointer: String,
    /// Step Functions' sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl Fault {
    pub(super) fn unknown(at: &str, name: &str) -> Self {
        Self {
            pointer: step(at, name),
            message: format!("The field \"{name}\" is not supported by Step Functions"),
        }
    }

    pub(super) fn wrong(at: &str, name: &str, wanted: &str) -> Self {
        Self {
            pointer: at.to_owned(),
            message: format!("The value for the field '{name}' must be {wanted}"),
        }
    }
}

/// Extends a JSON pointer.
pub(super) fn step(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Finds all faults of parameters as a definition has them.
///
/// What is computed only when the task runs (`"Key.$"` and `"{% … %}"`) is taken for right; its
/// name still has to be.
pub fn check(operation: Operation, integration: Integration, parameters: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let checker = Checker {
        integration,
        sent: true,
    };
    match (operation.input(), parameters) {
        (Some(shape), _) => checker.structure(shape, parameters, "", "", &mut faults),
        (None, Value::Object(map)) => {
            for name in map.keys() {
                faults.push(Fault::unknown("", name.strip_suffix(".$").unwrap_or(name)));
            }
        }
        (None, _) => {}
    }
    faults
}

/// What a result brings besides its shape.
const METADATA: [&str; 2] = ["SdkHttpMetadata", "SdkResponseMetadata"];

/// Finds what an operation never answers in a result that somebody wrote down: unknown members and
/// values of a wrong type. What is left out is no fault.
pub fn check_result(operation: Operation, integration: Integration, result: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let checker = Checker {
        integration,
        sent: false,
    };
    let mut result = result.clone();
    if let Value::Object(members) = &mut result {
        members.retain(|name, _| !METADATA.contains(&name.as_str()));
    }
    match (operation.output(), &result) {
        (Some(shape), _) => checker.structure(shape, &result, "", "", &mut faults),
        (None, Value::Object(map)) => {
            faults.extend(map.keys().map(|name| checker.unknown("", name)));
        }
        (None, _) => {}
    }
    faults
}

struct Checker {
    integration: Integration,
    /// Parameters are sent, results are not: only they may be computed and can lack something.
    sent: bool,
}

impl Checker {
    fn unknown(&self, at: &str, name: &str) -> Fault {
        if self.sent {
            return Fault::unknown(at, name);
        }
        Fault {
            pointer: step(at, name),
            message: format!("there is no member '{name}'"),
        }
    }

    fn structure(
        &self,
        shape: Shape,
        value: &Value,
        name: &str,
        at: &str,
        faults: &mut Vec<Fault>,
    ) {
        let Value::Object(map) = value else {
            if !is_dynamic(value) {
                faults.push(Fault::wrong(at, name, "an OBJECT"));
            }
            return;
        };
        let mut given = Vec::new();
        for (key, value) in map {
            let plain = key.strip_suffix(".$").filter(|_| self.sent);
            let Some(member) = find(shape, plain.unwrap_or(key), self.integration) else {
                faults.push(self.unknown(at, plain.unwrap_or(key)));
                continue;
            };
            given.push(member.name());
            if plain.is_none() {
                self.value(member.shape(), value, key, &step(at, key), faults);
            }
        }
        let missing = |m: &crate::model::Member| {
            self.sent && m.is_required() && !m.is_idempotency_token() && !given.contains(&m.name())
        };
        for member in shape.members().filter(missing) {
            let name = member_name(member, self.integration);
            faults.push(Fault {
                pointer: at.to_owned(),
                message: format!("The field '{name}' is required but was missing"),
            });
        }
    }

    fn value(&self, shape: Shape, value: &Value, name: &str, at: &str, faults: &mut Vec<Fault>) {
        if is_dynamic(value) || shape.is_document() || value.is_null() {
            return;
        }
        if self.sent
            && (lenient::scalar(shape.kind(), value).is_some()
                || lenient::structure(shape, self.integration, value).is_some())
        {
            return;
        }
        let wanted = match (shape.kind(), value) {
            (Kind::Structure, _) => return self.structure(shape, value, name, at, faults),
            (Kind::List, Value::Array(items)) => {
                if let Some(element) = shape.element() {
                    for (index, item) in items.iter().enumerate() {
                        let at = step(at, &index.to_string());
                        self.value(element.shape(), item, name, &at, faults);
                    }
                }
                return;
            }
            (Kind::Map, Value::Object(map)) => {
                if let Some(element) = shape.value() {
                    for (key, item) in map.iter().filter(|(key, _)| !key.ends_with(".$")) {
                        self.value(element.shape(), item, key, &step(at, key), faults);
                    }
                }
                return;
            }
            (Kind::List, _) => "an ARRAY",
            (Kind::Map, _) => "an OBJECT",
            (Kind::Boolean, Value::Bool(_)) => return,
            (Kind::Boolean, _) => "a BOOLEAN",
            (Kind::Integer | Kind::Long | Kind::Float | Kind::Double, Value::Number(_)) => return,
            (Kind::Integer | Kind::Long, _) => "an INTEGER",
            (Kind::Float | Kind::Double, _) => "a NUMBER",
            (Kind::String | Kind::Blob | Kind::Timestamp, _) => return,
        };
        faults.push(Fault::wrong(at, name, wanted));
    }
}

fn is_dynamic(value: &Value) -> bool {
    matches!(value, Value::String(text) if text.starts_with("{%") && text.ends_with("%}"))
}
