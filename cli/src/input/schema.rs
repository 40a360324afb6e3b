//! What a JSON Schema says of a property: whether there is one, and of what type.
//!
//! Validates nothing; that is done with the whole input.

use std::collections::BTreeSet;

use serde_json::Value;

/// A place in a schema: all subschemas that speak of it.
#[derive(Debug, Clone)]
pub(super) struct Place<'s> {
    root: &'s Value,
    parts: Vec<&'s Value>,
}

impl<'s> Place<'s> {
    /// The whole.
    pub(super) fn root(root: &'s Value) -> Self {
        let mut place = Self {
            root,
            parts: Vec::new(),
        };
        place.add(root, 0);
        place
    }

    /// Adds a subschema and those that it refers to.
    fn add(&mut self, schema: &'s Value, depth: usize) {
        // Schemas that refer to themselves end here.
        if !schema.is_object() || depth > 16 {
            return;
        }
        self.parts.push(schema);
        let target = schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| target.strip_prefix('#'));
        if let Some(target) = target.and_then(|pointer| self.root.pointer(pointer)) {
            self.add(target, depth + 1);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let alternatives = schema.get(keyword).and_then(Value::as_array);
            for alternative in alternatives.into_iter().flatten() {
                self.add(alternative, depth + 1);
            }
        }
    }

    /// The place of a property; `None` when there is no such property.
    pub(super) fn property(&self, name: &str) -> Option<Self> {
        let mut place = Self {
            root: self.root,
            parts: Vec::new(),
        };
        let (mut named, mut closed) = (false, false);
        for part in &self.parts {
            let property = part.get("properties").and_then(|all| all.get(name));
            let others = part.get("additionalProperties");
            match (property, others) {
                (Some(property), _) => {
                    named = true;
                    place.add(property, 0);
                }
                (None, Some(Value::Bool(false))) => closed = true,
                (None, Some(others @ Value::Object(_))) => {
                    named = true;
                    place.add(others, 0);
                }
                (None, _) => {}
            }
        }
        (named || !closed && self.takes_objects()).then_some(place)
    }

    /// Names of the properties.
    pub(super) fn names(&self) -> BTreeSet<&'s str> {
        let parts = self.parts.iter();
        let properties = parts.filter_map(|part| part.get("properties")?.as_object());
        properties
            .flat_map(|properties| properties.keys().map(String::as_str))
            .collect()
    }

    fn takes_objects(&self) -> bool {
        let types = self.types();
        types.is_empty() || types.contains("object")
    }

    /// Types that a value here may have; empty when nothing is said.
    pub(super) fn types(&self) -> BTreeSet<&'s str> {
        let mut types = BTreeSet::new();
        for part in &self.parts {
            match part.get("type") {
                Some(Value::String(one)) => {
                    types.insert(one.as_str());
                }
                Some(Value::Array(several)) => {
                    types.extend(several.iter().filter_map(Value::as_str));
                }
                _ => {}
            }
            let allowed = part.get("enum").and_then(Value::as_array);
            let allowed = allowed.into_iter().flatten().chain(part.get("const"));
            types.extend(allowed.map(|value| match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            }));
        }
        types
    }

    /// Reads a text as a value of a type that fits here; otherwise says what would.
    pub(super) fn read(&self, text: &str) -> Result<Value, String> {
        let types = self.types();
        let parsed = serde_json::from_str::<Value>(text).ok();
        let fits = |value: &Value| match value {
            Value::Null => types.contains("null"),
            Value::Bool(_) => types.contains("boolean"),
            Value::Number(_) => types.contains("number") || types.contains("integer"),
            Value::String(_) => false,
            Value::Array(_) => types.contains("array"),
            Value::Object(_) => types.contains("object"),
        };
        match parsed {
            Some(value) if types.is_empty() || fits(&value) => Ok(value),
            _ if types.is_empty() || types.contains("string") => Ok(Value::from(text)),
            _ => Err(types
                .iter()
                .map(|one| words(one))
                .collect::<Vec<_>>()
                .join(" or ")),
        }
    }
}

fn words(kind: &str) -> &str {
    match kind {
        "array" => "a JSON array",
        "object" => "a JSON object",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_become_what_the_schema_wants() {
        let schema = json!({
            "type": "object",
            "additionalProperties": false,
            "$ref": "#/$defs/run",
            "properties": {"cpu": true, "day": true, "env": true, "any": {}},
            "$defs": {"run": {"properties": {
                "cpu": {"enum": [256, 512]},
                "day": {"type": "string"},
                "words": {"type": "array"},
                "env": {"additionalProperties": {"type": "string"}},
            }}},
        });
        let root = Place::root(&schema);
        let read = |path: &[&str], text: &str| {
            let mut place = Some(root.clone());
            for name in path {
                place = place.and_then(|place| place.property(name));
            }
            place.map(|place| place.read(text))
        };
        for (path, text, value) in [
            (&["cpu"][..], "512", json!(512)),
            (&["day"], "2026", json!("2026")),
            (&["words"], r#"["a"]"#, json!(["a"])),
            (&["env", "A"], "1", json!("1")),
            (&["any"], "true", json!(true)),
            (&["any"], "tru", json!("tru")),
        ] {
            assert_eq!(read(path, text), Some(Ok(value)), "{path:?} {text}");
        }
        assert_eq!(read(&["cpu"], "much"), Some(Err("a number".to_owned())));
        assert_eq!(
            read(&["words"], "a b"),
            Some(Err("a JSON array".to_owned()))
        );
        assert_eq!(read(&["cpus"], "1"), None);
        assert_eq!(read(&["cpu", "x"], "1"), None);
        assert!(root.names().contains("words"));
    }
}
