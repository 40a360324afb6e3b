//! Functions become values.
//!
//! What resources and other stacks contribute comes through [`Lookup`], so that the same code
//! serves the engine, which knows physical ids, and change sets, which can only say that a value
//! will be known later.

mod cidr;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::functions::{self, Piece};
use super::instance::World;
use crate::cloudformation::UNKNOWN;

/// What a template cannot know by itself.
pub(crate) trait Lookup {
    /// What `Ref` gives for a resource.
    fn reference(&self, resource: &str) -> Result<Value, String>;
    /// What `Fn::GetAtt` gives.
    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, String>;
    /// What `Fn::ImportValue` gives.
    fn export(&self, name: &str) -> Result<Value, String>;
}

/// A lookup for places where only parameters can be meant.
pub(super) struct Nothing;

impl Lookup for Nothing {
    fn reference(&self, resource: &str) -> Result<Value, String> {
        Err(format!(
            "Template format error: Unresolved dependencies [{resource}]. Cannot reference resources in the Conditions block of the template"
        ))
    }

    fn attribute(&self, resource: &str, _attribute: &str) -> Result<Value, String> {
        self.reference(resource)
    }

    fn export(&self, _name: &str) -> Result<Value, String> {
        Err("Template error: Fn::ImportValue cannot be used in conditions".to_owned())
    }
}

/// Resolves the functions of one template.
pub(crate) struct Resolver<'a> {
    pub(crate) world: &'a World,
    /// What `Ref` gives for each parameter.
    pub(crate) parameters: &'a BTreeMap<String, Value>,
    pub(crate) mappings: &'a Map<String, Value>,
    pub(crate) lookup: &'a dyn Lookup,
}

/// Whether a name is a pseudo parameter.
pub(super) fn is_pseudo(name: &str) -> bool {
    matches!(
        name,
        "AWS::AccountId"
            | "AWS::NotificationARNs"
            | "AWS::NoValue"
            | "AWS::Partition"
            | "AWS::Region"
            | "AWS::StackId"
            | "AWS::StackName"
            | "AWS::URLSuffix"
    )
}

/// The fault of an output that is a list or an object.
pub(crate) fn not_text(output: &str) -> String {
    format!(
        "Template format error: The Value field of every Outputs member must evaluate to a String. [{output}]"
    )
}

/// A scalar as CloudFormation writes it into text; lists and objects as JSON.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Resolver<'_> {
    /// The value with all functions resolved; `None` for `AWS::NoValue`.
    pub(crate) fn value(&self, value: &Value) -> Result<Option<Value>, String> {
        if let Some((name, argument)) = functions::call(value) {
            return self.function(name, argument);
        }
        Ok(Some(match value {
            Value::Array(list) => {
                let mut resolved = Vec::with_capacity(list.len());
                for value in list {
                    resolved.extend(self.value(value)?);
                }
                Value::Array(resolved)
            }
            Value::Object(map) => Value::Object(self.object(map)?),
            scalar => scalar.clone(),
        }))
    }

    /// An object with all functions in its values resolved.
    pub(crate) fn object(&self, map: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        let mut resolved = Map::new();
        for (key, value) in map {
            if let Some(value) = self.value(value)? {
                resolved.insert(key.clone(), value);
            }
        }
        Ok(resolved)
    }

    fn function(&self, name: &str, argument: &Value) -> Result<Option<Value>, String> {
        if let Some(fault) = functions::fault(name, argument) {
            return Err(fault);
        }
        let part = |index: usize| argument.get(index).unwrap_or(&Value::Null);
        Ok(Some(match name {
            "Ref" => return self.reference(argument.as_str().unwrap_or_default()),
            "Fn::RefAll" => self
                .reference(argument.as_str().unwrap_or_default())?
                .unwrap_or_default(),
            "Fn::GetAtt" => {
                let Some((resource, attribute)) = functions::attribute(argument) else {
                    return Ok(None);
                };
                let attribute = self.text(attribute)?;
                self.lookup.attribute(resource, &attribute)?
            }
            "Fn::Sub" => Value::String(self.sub(argument)?),
            "Fn::Join" => {
                let delimiter = self.text(part(0))?;
                let parts: Vec<_> = self.list(name, part(1))?.iter().map(text_of).collect();
                Value::String(parts.join(&delimiter))
            }
            "Fn::Split" => {
                let (delimiter, text) = (self.text(part(0))?, self.text(part(1))?);
                text.split(&delimiter).map(Value::from).collect()
            }
            "Fn::Select" => self.select(part(0), part(1))?,
            "Fn::FindInMap" => return self.find_in_map(argument),
            "Fn::Base64" => match self.text(argument)? {
                text if text.contains(UNKNOWN) => Value::from(UNKNOWN),
                text => Value::String(STANDARD.encode(text)),
            },
            "Fn::ImportValue" => self.lookup.export(&self.text(argument)?)?,
            "Fn::GetAZs" => self.world.zones(&self.text(argument)?),
            "Fn::Cidr" => {
                let bits = match argument.get(2) {
                    Some(bits) => Some(self.text(bits)?),
                    None => None,
                };
                let block = self.text(part(0))?;
                if block.contains(UNKNOWN) {
                    return Ok(Some(Value::from(vec![UNKNOWN])));
                }
                let blocks = cidr::blocks(&block, &self.text(part(1))?, bits.as_deref())?;
                blocks.into_iter().map(Value::from).collect()
            }
            "Fn::Length" => Value::from(self.list(name, argument)?.len()),
            "Fn::ToJsonString" => {
                let value = self.value(argument)?.unwrap_or_default();
                Value::String(value.to_string())
            }
            other => {
                return Err(format!("Template error: {other} cannot be used here"));
            }
        }))
    }

    fn reference(&self, name: &str) -> Result<Option<Value>, String> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = self.world.pseudo(name) {
            return Ok(Some(value));
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(Some(value.clone()));
        }
        self.lookup.reference(name).map(Some)
    }

    fn text(&self, value: &Value) -> Result<String, String> {
        Ok(match self.value(value)? {
            Some(value) => text_of(&value),
            None => String::new(),
        })
    }

    fn list(&self, function: &str, value: &Value) -> Result<Vec<Value>, String> {
        match self.value(value)? {
            Some(Value::Array(list)) => Ok(list),
            // A value that is not known yet may well be a list.
            Some(Value::String(text)) if text.contains(UNKNOWN) => Ok(vec![Value::String(text)]),
            _ => Err(format!(
                "Template error: {function} requires a list or a function that returns a list"
            )),
        }
    }

    fn select(&self, index: &Value, list: &Value) -> Result<Value, String> {
        let index = self.text(index)?;
        let list = self.list("Fn::Select", list)?;
        let position: usize = index.trim().parse().map_err(|_| {
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list".to_owned()
        })?;
        if let [Value::String(unknown)] = list.as_slice()
            && unknown.contains(UNKNOWN)
        {
            return Ok(Value::String(unknown.clone()));
        }
        list.get(position).cloned().ok_or_else(|| {
            format!(
                "Template error: Fn::Select cannot select nonexistent value at index {position}"
            )
        })
    }

    fn find_in_map(&self, argument: &Value) -> Result<Option<Value>, String> {
        let part = |index: usize| self.text(argument.get(index).unwrap_or(&Value::Null));
        let (map, key, attribute) = (part(0)?, part(1)?, part(2)?);
        let found = self
            .mappings
            .get(&map)
            .and_then(|map| map.get(&key))
            .and_then(|key| key.get(&attribute));
        if let Some(found) = found {
            return Ok(Some(found.clone()));
        }
        match argument.get(3).and_then(|last| last.get("DefaultValue")) {
            Some(default) => self.value(default),
            None => Err(format!(
                "Template error: Unable to get mapping for {map}::{key}::{attribute}"
            )),
        }
    }

    fn sub(&self, argument: &Value) -> Result<String, String> {
        let Some((text, variables)) = functions::sub_parts(argument) else {
            return Ok(String::new());
        };
        let mut result = String::new();
        for piece in functions::pieces(text)? {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Literal(name) => {
                    result.push_str("${");
                    result.push_str(name);
                    result.push('}');
                }
                Piece::Variable(name) => {
                    if let Some(own) = variables.and_then(|own| own.get(name)) {
                        result.push_str(&self.text(own)?);
                    } else if let Some((resource, attribute)) = name.split_once('.') {
                        result.push_str(&text_of(&self.lookup.attribute(resource, attribute)?));
                    } else {
                        let value = self.reference(name)?.unwrap_or_default();
                        result.push_str(&joined(&value));
                    }
                }
            }
        }
        Ok(result)
    }
}

/// Lists of parameters appear in a `Fn::Sub` with commas between.
fn joined(value: &Value) -> String {
    match value {
        Value::Array(list) => list.iter().map(text_of).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => text_of(other),
    }
}
