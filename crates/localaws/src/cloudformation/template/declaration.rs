//! The declaration of a parameter.

use serde_json::Value;

use super::{Faults, text_of};

/// A parameter as declared. Limits are numbers also where they are written as text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ParameterDeclaration {
    pub(crate) kind: String,
    pub(crate) default: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) no_echo: bool,
    pub(crate) allowed_values: Vec<String>,
    pub(crate) allowed_pattern: Option<String>,
    pub(crate) constraint: Option<String>,
    pub(crate) min_length: Option<f64>,
    pub(crate) max_length: Option<f64>,
    pub(crate) min_value: Option<f64>,
    pub(crate) max_value: Option<f64>,
}

impl ParameterDeclaration {
    /// Reads a declaration and tells what is wrong with it.
    pub(super) fn read(name: &str, value: &Value, faults: &mut Faults) -> Self {
        let mut read = Self::default();
        let Value::Object(members) = value else {
            faults.add("Template format error: Every Parameters member must be an object.");
            return read;
        };
        for (key, value) in members {
            match key.as_str() {
                "Type" => read.kind = text_of(value),
                "Default" if value.is_array() || value.is_object() => {
                    faults.add("Template format error: Every Default member must be a string.");
                }
                "Default" => read.default = Some(text_of(value)),
                "Description" => read.description = Some(text_of(value)),
                "NoEcho" => read.no_echo = text_of(value).eq_ignore_ascii_case("true"),
                "AllowedValues" => match value {
                    Value::Array(list) => read.allowed_values = list.iter().map(text_of).collect(),
                    _ => faults.add(format!(
                        "Template format error: AllowedValues of parameter {name} must be a list."
                    )),
                },
                "AllowedPattern" => read.allowed_pattern = Some(text_of(value)),
                "ConstraintDescription" => read.constraint = Some(text_of(value)),
                "MinLength" => read.min_length = number(name, key, value, faults),
                "MaxLength" => read.max_length = number(name, key, value, faults),
                "MinValue" => read.min_value = number(name, key, value, faults),
                "MaxValue" => read.max_value = number(name, key, value, faults),
                other => faults.add(format!("Invalid template parameter property '{other}'")),
            }
        }
        if read.kind.is_empty() {
            faults
                .add("Template format error: Every Parameters object must contain a Type member.");
        } else if !known(&read.kind) {
            faults.add(format!(
                "Template format error: Unrecognized parameter type: {}",
                read.kind
            ));
        }
        read
    }

    /// Whether values are lists.
    pub(crate) fn is_list(&self) -> bool {
        let inner = self.inner();
        inner == "CommaDelimitedList" || inner.starts_with("List<")
    }

    /// Whether values are numbers, or lists of them.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind.as_str(), "Number" | "List<Number>")
    }

    /// The type of the value itself: for `AWS::SSM::Parameter::Value<T>` that is `T`.
    fn inner(&self) -> &str {
        let inner = self.kind.strip_prefix(super::SSM_VALUE);
        inner.map_or(&self.kind, |rest| rest.trim_end_matches('>'))
    }
}

fn number(name: &str, key: &str, value: &Value, faults: &mut Faults) -> Option<f64> {
    let number = text_of(value).trim().parse().ok();
    if number.is_none() {
        faults.add(format!(
            "Template format error: {key} of parameter {name} must be a number."
        ));
    }
    number
}

fn known(kind: &str) -> bool {
    let inside = |prefix: &str| {
        kind.strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix('>'))
    };
    if let Some(inner) = inside(super::SSM_VALUE) {
        return matches!(inner, "String" | "CommaDelimitedList" | "List<String>")
            || aws(inner)
            || {
                inner
                    .strip_prefix("List<")
                    .and_then(|rest| rest.strip_suffix('>'))
                    .is_some_and(aws)
            };
    }
    match inside("List<") {
        Some(inner) => matches!(inner, "Number" | "String") || aws(inner),
        None => {
            matches!(
                kind,
                "String" | "Number" | "CommaDelimitedList" | "AWS::SSM::Parameter::Name"
            ) || aws(kind)
        }
    }
}

/// The types that AWS checks against an account. Nothing here knows their resources, so that
/// values are taken as they are.
fn aws(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::EC2::AvailabilityZone::Name"
            | "AWS::EC2::Image::Id"
            | "AWS::EC2::Instance::Id"
            | "AWS::EC2::KeyPair::KeyName"
            | "AWS::EC2::SecurityGroup::GroupName"
            | "AWS::EC2::SecurityGroup::Id"
            | "AWS::EC2::Subnet::Id"
            | "AWS::EC2::VPC::Id"
            | "AWS::EC2::Volume::Id"
            | "AWS::Route53::HostedZone::Id"
    )
}
