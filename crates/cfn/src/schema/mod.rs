//! What CloudFormation knows of every public resource type: its properties and how they behave.
//!
//! The table is made by `generate.py` from the provider schemas that cfn-lint carries (MIT-0;
//! `LICENSE` and `NOTICE` lie beside it). A service is decompressed when its first type is asked
//! for. Lengths, patterns and combinations of properties are not checked here; the services do.

mod check;
mod normalise;
mod shape;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub use shape::{Shape, Structure};
pub use table::type_names;

/// One resource type.
#[derive(Debug, Deserialize)]
pub struct Schema {
    #[serde(skip)]
    name: String,
    #[serde(rename = "p")]
    properties: BTreeMap<String, Shape>,
    #[serde(rename = "d", default)]
    definitions: BTreeMap<String, Shape>,
    #[serde(rename = "q", default)]
    required: Vec<String>,
    #[serde(rename = "x", default)]
    open: u8,
    #[serde(rename = "r", default)]
    read_only: Vec<String>,
    #[serde(rename = "g", default)]
    more_attributes: Vec<String>,
    #[serde(rename = "c", default)]
    create_only: Vec<String>,
    #[serde(rename = "k", default)]
    conditional_create_only: Vec<String>,
    #[serde(rename = "w", default)]
    write_only: Vec<String>,
    #[serde(rename = "i", default)]
    primary_identifier: Vec<String>,
    #[serde(rename = "h", default)]
    handlers: String,
    #[serde(rename = "t")]
    tag_property: Option<String>,
    #[serde(rename = "y", default)]
    system_tags: u8,
}

/// What changing a property does to the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// It is changed in place.
    Never,
    /// It is replaced in some cases, which only its provider knows.
    Conditionally,
    /// It is replaced.
    Always,
}

impl Schema {
    /// The schema of a type, `None` for a type that CloudFormation does not know. `Custom::Any`
    /// has the one of `AWS::CloudFormation::CustomResource`.
    pub fn of(type_name: &str) -> Option<&'static Self> {
        match type_name.strip_prefix("Custom::") {
            Some(_) => table::find("AWS::CloudFormation::CustomResource"),
            None => table::find(type_name),
        }
    }

    /// The type's name, `AWS::SQS::Queue`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is wrong with properties whose functions are resolved, in the words of
    /// CloudFormation's model validation: `#: required key [PolicyDocument] not found`.
    pub fn property_faults(&self, properties: &Value) -> Vec<String> {
        check::faults(self, properties)
    }

    /// [`property_faults`](Self::property_faults) of properties as a template declares them:
    /// functions stand for any value, but for the branches of `Fn::If`, which are looked into.
    pub fn declared_faults(&self, properties: &Value) -> Vec<String> {
        check::declared_faults(self, properties)
    }

    /// Properties with the types of the schema: templates may write `"30"` for a number, `1` for
    /// a text and `"true"` for a boolean. What does not fit stays as it is.
    #[must_use]
    pub fn normalise(&self, properties: &Value) -> Value {
        normalise::properties(self, properties)
    }

    /// What a change of a property does. The path is a name (`CidrBlock`) or goes on into the
    /// value (`VpcConfig/SubnetIds/0`).
    pub fn replaces(&self, path: &str) -> Replacement {
        if matches_any(&self.create_only, path) {
            Replacement::Always
        } else if matches_any(&self.conditional_create_only, path)
            || self.create_only.iter().any(|one| goes_on(one, path))
        {
            Replacement::Conditionally
        } else {
            Replacement::Never
        }
    }

    /// Paths of what `GetAtt` gives: the read-only properties, and for some types more.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        let all = self.read_only.iter().chain(&self.more_attributes);
        all.map(String::as_str)
    }

    /// Paths of properties that only the service sets (`Arn`, `Endpoint/Address`).
    pub fn read_only(&self) -> &[String] {
        &self.read_only
    }

    /// Whether only the service sets the value at a path (or a part of it).
    pub fn is_read_only(&self, path: &str) -> bool {
        matches_any(&self.read_only, path)
    }

    /// Properties without those that only the service sets.
    #[must_use]
    pub fn without_read_only(&self, mut properties: Value) -> Value {
        if let Value::Object(members) = &mut properties {
            members.retain(|name, _| !self.read_only.contains(name));
        }
        properties
    }

    /// What Cloud Control calls a resource of these live properties: the primary identifier,
    /// joined with `|`.
    pub fn identifier(&self, live: &Value) -> String {
        let parts =
            self.primary_identifier
                .iter()
                .map(|path| match live.pointer(&format!("/{path}")) {
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                    None => String::new(),
                });
        parts.collect::<Vec<_>>().join("|")
    }

    /// Paths of properties that can be set and never read, such as passwords.
    pub fn write_only(&self) -> &[String] {
        &self.write_only
    }

    /// Paths of properties that can be set only when the resource is made.
    pub fn create_only(&self) -> &[String] {
        &self.create_only
    }

    /// Names of the properties that identify a resource, in the order in which Cloud Control
    /// joins them with `|`.
    pub fn primary_identifier(&self) -> &[String] {
        &self.primary_identifier
    }

    /// Names of the properties that must be given.
    pub fn required(&self) -> &[String] {
        &self.required
    }

    /// The type of a property.
    pub fn property(&self, name: &str) -> Option<&Shape> {
        self.properties.get(name)
    }

    /// Names of all properties.
    pub fn property_names(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    /// Whether the type has a property of this name.
    pub fn has_property(&self, name: &str) -> bool {
        self.properties.contains_key(name)
    }

    /// Whether drift can be detected: CloudFormation can for types that can be read.
    pub fn supports_drift(&self) -> bool {
        self.handlers.contains('r')
    }

    /// Whether Cloud Control can work with the type: only types with all of create, read and
    /// delete are provisionable.
    pub fn is_provisionable(&self) -> bool {
        ['c', 'r', 'd']
            .iter()
            .all(|one| self.handlers.contains(*one))
    }

    /// Whether resources of the type can be changed in place.
    pub fn is_mutable(&self) -> bool {
        self.handlers.contains('u') || self.handlers.is_empty()
    }

    /// Whether resources of the type can be listed.
    pub fn is_listable(&self) -> bool {
        self.handlers.contains('l')
    }

    /// The property that takes tags, for types that have tags.
    pub fn tag_property(&self) -> Option<&str> {
        self.tag_property.as_deref()
    }

    /// Whether CloudFormation marks resources of the type with tags of its own.
    pub fn takes_system_tags(&self) -> bool {
        self.system_tags != 0
    }

    /// The shape behind a reference to a definition.
    pub fn resolve<'a>(&'a self, shape: &'a Shape) -> &'a Shape {
        let mut shape = shape;
        // A definition may be another name for a definition; a circle of them has no shape.
        for _ in 0..8 {
            match shape {
                Shape::Definition(name) => match self.definitions.get(name) {
                    Some(found) => shape = found,
                    None => return &Shape::Any,
                },
                _ => return shape,
            }
        }
        &Shape::Any
    }
}

/// Whether `path` is one of the patterns or lies below one.
fn matches_any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| {
        let mut steps = path.split('/');
        pattern
            .split('/')
            .all(|want| steps.next().is_some_and(|step| want == "*" || want == step))
    })
}

/// Whether the pattern goes on below `path`.
fn goes_on(pattern: &str, path: &str) -> bool {
    let mut steps = pattern.split('/');
    let above = path
        .split('/')
        .all(|step| steps.next().is_some_and(|want| want == "*" || want == step));
    above && steps.next().is_some()
}
