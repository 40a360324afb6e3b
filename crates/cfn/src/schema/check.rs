//! Finds what is wrong with properties, in the words of CloudFormation's model validation.

use serde_json::{Map, Value};

use super::shape::Structure;
use super::{Schema, Shape};

/// All faults, `#/path: what is wrong`.
pub(super) fn faults(schema: &Schema, properties: &Value) -> Vec<String> {
    all(schema, properties, false)
}

/// The same, where functions stand for what nobody knows yet.
pub(super) fn declared_faults(schema: &Schema, properties: &Value) -> Vec<String> {
    all(schema, properties, true)
}

fn all(schema: &Schema, properties: &Value, declared: bool) -> Vec<String> {
    let mut check = Check {
        schema,
        declared,
        faults: Vec::new(),
    };
    if declared && check.is_function("#", &Shape::Any, properties) {
        return check.faults;
    }
    match properties {
        Value::Object(properties) => {
            let known = |name: &str| {
                let settable = !schema.read_only.iter().any(|path| path == name);
                schema.properties.get(name).filter(|_| settable)
            };
            check.members("#", properties, known, &schema.required, schema.open != 0);
        }
        other => check.expected("#", "JSONObject", other),
    }
    check.faults
}

struct Check<'a> {
    schema: &'a Schema,
    declared: bool,
    faults: Vec<String>,
}

impl<'a> Check<'a> {
    fn members(
        &mut self,
        path: &str,
        members: &Map<String, Value>,
        known: impl Fn(&str) -> Option<&'a Shape>,
        required: &[String],
        open: bool,
    ) {
        for name in required {
            if !members.contains_key(name) {
                self.faults
                    .push(format!("{path}: required key [{name}] not found"));
            }
        }
        for (name, value) in members {
            match known(name) {
                Some(shape) => self.value(&format!("{path}/{name}"), shape, value),
                None if open => {}
                None => self
                    .faults
                    .push(format!("{path}: extraneous key [{name}] is not permitted")),
            }
        }
    }

    /// Whether a declared value is a function. The branches of `Fn::If` are checked.
    fn is_function(&mut self, path: &str, shape: &'a Shape, value: &Value) -> bool {
        let Value::Object(members) = value else {
            return false;
        };
        let Some((name, argument)) = members.iter().next() else {
            return false;
        };
        if members.len() != 1 || !(name == "Ref" || name.starts_with("Fn::")) {
            return false;
        }
        if name == "Fn::If" {
            for index in [1, 2] {
                if let Some(branch) = argument.get(index) {
                    self.value(&format!("{path}/Fn::If/{index}"), shape, branch);
                }
            }
        }
        true
    }

    fn value(&mut self, path: &str, shape: &'a Shape, value: &Value) {
        if self.declared && self.is_function(path, shape, value) {
            return;
        }
        match self.schema.resolve(shape) {
            Shape::Text => {
                if !is_scalar(value) {
                    self.expected(path, "String", value);
                }
            }
            Shape::Choice(choices) => match value {
                Value::String(text) if choices.contains(text) => {}
                Value::String(text) => self
                    .faults
                    .push(format!("{path}: {text} is not a valid enum value")),
                // Lists of choices hold versions too (`12`, `true`), which YAML reads as scalars.
                other if is_scalar(other) => {}
                other => self.expected(path, "String", other),
            },
            Shape::Integer => {
                if !reads_as(
                    value,
                    |text| text.parse::<i64>().is_ok(),
                    Value::is_i64,
                    Value::is_u64,
                ) {
                    self.expected(path, "Integer", value);
                }
            }
            Shape::Number => {
                if !reads_as(
                    value,
                    |text| text.parse::<f64>().is_ok(),
                    Value::is_number,
                    Value::is_number,
                ) {
                    self.expected(path, "Number", value);
                }
            }
            Shape::Boolean => {
                if !reads_as(
                    value,
                    |text| matches!(text, "true" | "false"),
                    Value::is_boolean,
                    Value::is_boolean,
                ) {
                    self.expected(path, "Boolean", value);
                }
            }
            Shape::Object => {
                if !value.is_object() {
                    self.expected(path, "JSONObject", value);
                }
            }
            Shape::Document => {
                if !value.is_object() && !value.is_string() {
                    self.expected(path, "JSONObject", value);
                }
            }
            Shape::List(item) => match value {
                Value::Array(items) => {
                    for (index, one) in items.iter().enumerate() {
                        self.value(&format!("{path}/{index}"), item, one);
                    }
                }
                other => self.expected(path, "JSONArray", other),
            },
            Shape::Map(item) => match value {
                Value::Object(members) => {
                    for (name, one) in members {
                        self.value(&format!("{path}/{name}"), item, one);
                    }
                }
                other => self.expected(path, "JSONObject", other),
            },
            Shape::Structure(structure) => self.structure(path, structure, value),
            Shape::Union(shapes) => self.union(path, shapes, value),
            Shape::Any | Shape::Definition(_) => {}
        }
    }

    fn structure(&mut self, path: &str, structure: &'a Structure, value: &Value) {
        match value {
            Value::Object(members) => {
                let known = |name: &str| structure.members.get(name);
                self.members(path, members, known, &structure.required, structure.open);
            }
            other => self.expected(path, "JSONObject", other),
        }
    }

    fn union(&mut self, path: &str, shapes: &'a [Shape], value: &Value) {
        let attempts = shapes.iter().map(|shape| {
            let mut attempt = Check {
                schema: self.schema,
                declared: self.declared,
                faults: Vec::new(),
            };
            attempt.value(path, shape, value);
            attempt.faults
        });
        let mut closest: Option<Vec<String>> = None;
        let wrong_kind = format!("{path}: expected type");
        for faults in attempts {
            if faults.is_empty() {
                return;
            }
            // A form of another kind says nothing about what is wrong inside.
            let inside = !faults.iter().any(|fault| fault.starts_with(&wrong_kind));
            match &closest {
                None if inside => closest = Some(faults),
                Some(_) if inside => closest = Some(Vec::new()),
                _ => {}
            }
        }
        match closest {
            Some(faults) if !faults.is_empty() => self.faults.extend(faults),
            _ => self.faults.push(format!(
                "{path}: #: 0 subschemas matched instead of one of {}",
                shapes.len()
            )),
        }
    }

    fn expected(&mut self, path: &str, want: &str, found: &Value) {
        let found = match found {
            Value::Null => "Null",
            Value::Bool(_) => "Boolean",
            Value::Number(number) if number.is_f64() => "Double",
            Value::Number(_) => "Integer",
            Value::String(_) => "String",
            Value::Array(_) => "JSONArray",
            Value::Object(_) => "JSONObject",
        };
        self.faults
            .push(format!("{path}: expected type: {want}, found: {found}"));
    }
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_))
}

/// Templates may write any scalar as text.
fn reads_as(
    value: &Value,
    text: impl Fn(&str) -> bool,
    one: impl Fn(&Value) -> bool,
    other: impl Fn(&Value) -> bool,
) -> bool {
    value
        .as_str()
        .map_or_else(|| one(value) || other(value), text)
}
