//! Values of `NoEcho` parameters never show.

use serde_json::Value;

use super::stack::Deployment;

/// The values that must not show.
pub(crate) fn secrets(deployment: &Deployment) -> Vec<&str> {
    let hidden = deployment.parameters.values().filter(|one| one.no_echo);
    hidden
        .map(|one| one.value.as_str())
        .filter(|value| !value.is_empty())
        .collect()
}

/// The value with asterisks for every secret in it.
pub(crate) fn masked(value: &Value, secrets: &[&str]) -> Value {
    if secrets.is_empty() {
        return value.clone();
    }
    match value {
        Value::String(text) => {
            let mut text = text.clone();
            for secret in secrets {
                text = text.replace(secret, "****");
            }
            Value::String(text)
        }
        Value::Array(list) => list.iter().map(|value| masked(value, secrets)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), masked(value, secrets)))
                .collect(),
        ),
        other => other.clone(),
    }
}
