//! The template language: from text to resources with resolved properties.
//!
//! [`Template::parse`] reads the sections and collects every fault that shows without parameters;
//! [`instance`] is a template with parameters, conditions decided; [`resolve`] turns functions
//! into values while a stack is provisioned. No AWS calls here, no stacks and no time.

mod check;
mod conditions;
mod declaration;
mod functions;
mod graph;
mod instance;
mod parameters;
mod resolve;
mod rules;
mod sections;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use awsapi::AwsError;
use serde_json::{Map, Value};

pub(crate) use declaration::ParameterDeclaration;
pub(crate) use functions::{Reference, references};
pub(crate) use instance::{Instance, World};
pub(crate) use parameters::{Given, Parameter, SSM_VALUE, decide as decide_parameters};
pub(crate) use resolve::{Lookup, Resolver, not_text, text_of};

/// What is wrong with a template or its parameters, in CloudFormation's words.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Faults(pub(crate) Vec<String>);

impl Faults {
    /// One fault.
    pub(crate) fn one(text: impl Into<String>) -> Self {
        Self(vec![text.into()])
    }

    pub(crate) fn add(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    /// The value, unless there are faults.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl From<Faults> for AwsError {
    /// AWS names the first fault only. All of them save as many attempts.
    fn from(faults: Faults) -> Self {
        Self::new("ValidationError", faults.0.join("\n"))
    }
}

/// A template as written: functions in their long form, nothing resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Template {
    pub(crate) version: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Option<Value>,
    pub(crate) transforms: Vec<String>,
    pub(crate) parameters: BTreeMap<String, ParameterDeclaration>,
    /// Sections keep the order in which they were written only where AWS shows it.
    pub(crate) parameter_order: Vec<String>,
    pub(crate) mappings: Map<String, Value>,
    pub(crate) conditions: BTreeMap<String, Value>,
    pub(crate) rules: BTreeMap<String, Value>,
    pub(crate) resources: BTreeMap<String, Resource>,
    pub(crate) outputs: BTreeMap<String, Output>,
}

/// A resource as declared.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Resource {
    pub(crate) kind: String,
    pub(crate) condition: Option<String>,
    pub(crate) properties: Map<String, Value>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) metadata: Option<Value>,
    pub(crate) creation_policy: Option<Value>,
    pub(crate) update_policy: Option<Value>,
    pub(crate) deletion_policy: Option<String>,
    pub(crate) update_replace_policy: Option<String>,
}

/// An output as declared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Output {
    pub(crate) value: Value,
    pub(crate) description: Option<String>,
    pub(crate) export: Option<Value>,
    pub(crate) condition: Option<String>,
}

impl Template {
    /// Reads a template and finds every fault that shows without parameters.
    pub(crate) fn parse(text: &str) -> Result<Self, Faults> {
        let (template, mut faults) = sections::read(&document(text)?);
        check::check(&template, &mut faults);
        faults.or(template)
    }

    /// Resource types, sorted, each once.
    pub(crate) fn resource_types(&self) -> Vec<String> {
        let mut types: Vec<_> = self.resources.values().map(|r| r.kind.clone()).collect();
        types.sort();
        types.dedup();
        types
    }

    /// The capabilities that the template needs and why, as `ValidateTemplate` tells.
    pub(crate) fn capabilities(&self) -> Option<(&'static str, String)> {
        let mut iam: Vec<&str> = Vec::new();
        let mut named = false;
        for resource in self.resources.values() {
            let name = match resource.kind.as_str() {
                "AWS::IAM::Role" => "RoleName",
                "AWS::IAM::User" => "UserName",
                "AWS::IAM::Group" => "GroupName",
                "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
                "AWS::IAM::InstanceProfile" => "InstanceProfileName",
                "AWS::IAM::Policy"
                | "AWS::IAM::RolePolicy"
                | "AWS::IAM::UserPolicy"
                | "AWS::IAM::GroupPolicy"
                | "AWS::IAM::AccessKey"
                | "AWS::IAM::UserToGroupAddition" => "",
                _ => continue,
            };
            iam.push(&resource.kind);
            named |= resource.properties.contains_key(name);
        }
        if iam.is_empty() {
            return None;
        }
        iam.sort_unstable();
        iam.dedup();
        let capability = if named {
            "CAPABILITY_NAMED_IAM"
        } else {
            "CAPABILITY_IAM"
        };
        let reason = format!(
            "The following resource(s) require capabilities: [{}]",
            iam.join(", ")
        );
        Some((capability, reason))
    }
}

fn document(text: &str) -> Result<Value, Faults> {
    let read = cfn::read(text).map(|node| node.to_value());
    read.map_err(|fault| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let language = if text.trim_start().starts_with('{') {
            "JSON"
        } else {
            "YAML"
        };
        let (line, column) = document::line_and_column(text, fault.at);
        Faults::one(format!(
            "Template format error: {language} not well-formed. (line {line}, column {column})"
        ))
    })
}
