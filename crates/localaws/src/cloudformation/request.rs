//! Reads the members of a call.

use std::collections::BTreeMap;

use awsapi::AwsError;
use serde_json::Value;

use super::state::invalid;
use super::template::Given;

/// A text member, where it is given.
pub(crate) fn text<'v>(input: &'v Value, name: &str) -> Option<&'v str> {
    input.get(name).and_then(Value::as_str)
}

/// A text member that must be given.
pub(crate) fn required<'v>(input: &'v Value, name: &str) -> Result<&'v str, AwsError> {
    match text(input, name) {
        Some("") => Err(failed(
            name,
            "",
            "Member must have length greater than or equal to 1",
        )),
        Some(text) => Ok(text),
        None => Err(invalid(format!(
            "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
            member(name)
        ))),
    }
}

pub(crate) fn flag(input: &Value, name: &str) -> Option<bool> {
    input.get(name).and_then(Value::as_bool)
}

pub(crate) fn texts(input: &Value, name: &str) -> Vec<String> {
    let list = input.get(name).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// One of the values that the API has.
pub(crate) fn choice<'v>(
    input: &'v Value,
    name: &str,
    choices: &[&str],
) -> Result<Option<&'v str>, AwsError> {
    match text(input, name) {
        Some(text) if !choices.contains(&text) => Err(failed(
            name,
            text,
            &format!(
                "Member must satisfy enum value set: [{}]",
                choices.join(", ")
            ),
        )),
        other => Ok(other),
    }
}

/// The name of a stack or change set to be made.
pub(crate) fn new_name<'v>(input: &'v Value, name: &str) -> Result<&'v str, AwsError> {
    let text = required(input, name)?;
    let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !letters || !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(failed(
            name,
            text,
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ));
    }
    if text.len() > 128 {
        return Err(failed(
            name,
            text,
            "Member must have length less than or equal to 128",
        ));
    }
    Ok(text)
}

pub(crate) fn parameters(input: &Value) -> Result<BTreeMap<String, Given>, AwsError> {
    let mut given = BTreeMap::new();
    let list = input.get("Parameters").and_then(Value::as_array);
    for parameter in list.into_iter().flatten() {
        let key = required(parameter, "ParameterKey")?;
        let previous = flag(parameter, "UsePreviousValue").unwrap_or_default();
        let value = match (text(parameter, "ParameterValue"), previous) {
            (Some(_), true) => {
                return Err(invalid(format!(
                    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and non empty value for a parameter"
                )));
            }
            (Some(value), false) => Given::Value(value.to_owned()),
            (None, true) => Given::Previous,
            (None, false) => {
                return Err(invalid(format!(
                    "Invalid input for parameter key {key}. Need to specify either usePreviousValue as true or a value for a parameter"
                )));
            }
        };
        given.insert(key.to_owned(), value);
    }
    Ok(given)
}

/// Tags, sorted by key; `None` where the call does not mention them.
pub(crate) fn tags(input: &Value) -> Result<Option<Vec<(String, String)>>, AwsError> {
    let Some(list) = input.get("Tags").and_then(Value::as_array) else {
        return Ok(None);
    };
    if list.len() > 50 {
        return Err(failed(
            "Tags",
            "...",
            "Member must have length less than or equal to 50",
        ));
    }
    let mut tags = BTreeMap::new();
    for tag in list {
        let key = required(tag, "Key")?;
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(
                "aws: prefixed tag key names are not allowed for external use.",
            ));
        }
        let value = text(tag, "Value").unwrap_or_default();
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(invalid(format!("Duplicate tag key: {key}")));
        }
    }
    Ok(Some(tags.into_iter().collect()))
}

pub(crate) fn failed(name: &str, value: &str, constraint: &str) -> AwsError {
    invalid(format!(
        "1 validation error detected: Value '{value}' at '{}' failed to satisfy constraint: {constraint}",
        member(name)
    ))
}

/// AWS names members with a small first letter in these sentences.
fn member(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_ascii_lowercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}
