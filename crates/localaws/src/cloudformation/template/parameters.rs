//! The values of parameters: given, kept from before or default, checked against the constraints.

use std::collections::BTreeMap;

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Faults, ParameterDeclaration, Template};

/// Types that begin like this name a Systems Manager parameter, whose value is the real one.
pub(crate) const SSM_VALUE: &str = "AWS::SSM::Parameter::Value<";

/// A parameter as a caller gives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    /// A value.
    Value(String),
    /// The value that the stack already has.
    Previous,
}

/// A parameter with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parameter {
    /// The value as given.
    pub(crate) value: String,
    /// What it stands for, where the value only names a Systems Manager parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resolved: Option<String>,
    /// Not to be shown.
    #[serde(default)]
    pub(crate) no_echo: bool,
}

impl Parameter {
    /// What `Ref` gives: a text, or a list of texts.
    pub(crate) fn reference(&self, declaration: &ParameterDeclaration) -> Value {
        let text = self.resolved.as_ref().unwrap_or(&self.value);
        if !declaration.is_list() {
            return Value::String(text.clone());
        }
        elements(text).into_iter().map(Value::from).collect()
    }

    /// The value as AWS shows it.
    pub(crate) fn shown(&self) -> &str {
        if self.no_echo { "****" } else { &self.value }
    }
}

/// Decides all values, and names every parameter that is missing, unknown or at fault.
pub(crate) fn decide(
    template: &Template,
    given: &BTreeMap<String, Given>,
    previous: &BTreeMap<String, Parameter>,
) -> Result<BTreeMap<String, Parameter>, Faults> {
    let mut faults = Faults::default();
    let unknown: Vec<&str> = given
        .keys()
        .filter(|name| !template.parameters.contains_key(*name))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        faults.add(format!(
            "Parameters: [{}] do not exist in the template",
            unknown.join(", ")
        ));
    }
    let mut decided = BTreeMap::new();
    let mut missing = Vec::new();
    for name in &template.parameter_order {
        let Some(declaration) = template.parameters.get(name) else {
            continue;
        };
        let value = match given.get(name) {
            Some(Given::Value(value)) => Some(value.clone()),
            Some(Given::Previous) => match previous.get(name) {
                Some(kept) => Some(kept.value.clone()),
                // AWS falls back to the default of a parameter that is new.
                None => declaration.default.clone(),
            },
            None => declaration.default.clone(),
        };
        let Some(value) = value else {
            missing.push(name.as_str());
            continue;
        };
        if let Some(reason) = broken(name, declaration, &value) {
            faults.add(match &declaration.constraint {
                Some(text) => format!("Parameter {name} failed to satisfy constraint: {text}"),
                None => reason,
            });
        }
        let parameter = Parameter {
            value,
            resolved: None,
            no_echo: declaration.no_echo,
        };
        decided.insert(name.clone(), parameter);
    }
    if !missing.is_empty() {
        faults.add(format!(
            "Parameters: [{}] must have values",
            missing.join(", ")
        ));
    }
    faults.or(decided)
}

/// The first constraint that a value breaks.
fn broken(name: &str, declaration: &ParameterDeclaration, value: &str) -> Option<String> {
    let elements = if declaration.is_list() && !declaration.kind.starts_with(SSM_VALUE) {
        elements(value)
    } else {
        vec![value.to_owned()]
    };
    elements
        .iter()
        .find_map(|element| element_broken(name, declaration, element))
}

fn element_broken(name: &str, declaration: &ParameterDeclaration, value: &str) -> Option<String> {
    if declaration.is_number() && value.trim().parse::<f64>().is_err() {
        return Some(format!("Parameter '{name}' must be a number"));
    }
    let allowed = &declaration.allowed_values;
    if !allowed.is_empty() && !allowed.iter().any(|one| one == value) {
        return Some(format!("Parameter '{name}' must be one of AllowedValues"));
    }
    if let Some(pattern) = &declaration.allowed_pattern
        && !matches(pattern, value)
    {
        return Some(format!("Parameter '{name}' must match pattern {pattern}"));
    }
    let length = value.chars().count() as f64;
    if let Some(min) = declaration.min_length
        && length < min
    {
        return Some(format!(
            "Parameter '{name}' must contain at least {min} characters"
        ));
    }
    if let Some(max) = declaration.max_length
        && length > max
    {
        return Some(format!(
            "Parameter '{name}' must contain at most {max} characters"
        ));
    }
    let number: f64 = value.trim().parse().unwrap_or_default();
    if let Some(min) = declaration.min_value
        && number < min
    {
        return Some(format!(
            "Parameter '{name}' must be a number not less than {min}"
        ));
    }
    if let Some(max) = declaration.max_value
        && number > max
    {
        return Some(format!(
            "Parameter '{name}' must be a number not greater than {max}"
        ));
    }
    None
}

/// Whether the pattern matches the whole value. Patterns are Java's: one that looks around or
/// back cannot be tried here, and refusing every value would be worse than taking any.
fn matches(pattern: &str, value: &str) -> bool {
    match Regex::new(&format!("^(?:{pattern})$")) {
        Ok(regex) => regex.is_match(value),
        Err(error) => {
            tracing::warn!(pattern, %error, "pattern of a template parameter not checked");
            true
        }
    }
}

/// The elements of a list, trimmed. No text at all is no element.
fn elements(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split(',').map(|one| one.trim().to_owned()).collect()
}
