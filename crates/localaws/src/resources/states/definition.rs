//! The definition of a state machine from the properties that can give it.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::resources::values::{rename, text};
use crate::resources::{At, Failure};

/// The definition with its substitutions made.
pub(super) async fn of(at: &At<'_>, properties: &Value) -> Result<String, Failure> {
    let given = ["Definition", "DefinitionS3Location", "DefinitionString"];
    let given: Vec<_> = given
        .iter()
        .filter(|name| properties.get(**name).is_some())
        .collect();
    if given.len() != 1 {
        return Err(Failure::invalid(
            "Exactly one of Definition, DefinitionString and DefinitionS3Location must be given",
        ));
    }
    let definition = match declared(properties) {
        Some(definition) => definition,
        None => substituted(&fetched(at, properties).await?, properties),
    };
    Ok(definition)
}

/// The definition that stands in the properties themselves; `None` where it is in S3.
pub(super) fn declared(properties: &Value) -> Option<String> {
    let definition = match (
        properties.get("Definition"),
        properties.get("DefinitionString"),
    ) {
        (Some(object), _) => object.to_string(),
        (None, Some(Value::String(text))) => text.clone(),
        _ => return None,
    };
    Some(substituted(&definition, properties))
}

/// Every `${Name}` replaced by its value; others stay, and Step Functions refuses them or not.
fn substituted(definition: &str, properties: &Value) -> String {
    let values = properties
        .get("DefinitionSubstitutions")
        .and_then(Value::as_object);
    let mut definition = definition.to_owned();
    for (name, value) in values.into_iter().flatten() {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        definition = definition.replace(&format!("${{{name}}}"), &value);
    }
    definition
}

async fn fetched(at: &At<'_>, properties: &Value) -> Result<String, Failure> {
    let location = properties
        .get("DefinitionS3Location")
        .cloned()
        .unwrap_or_default();
    let names = [
        ("Bucket", "Bucket"),
        ("Key", "Key"),
        ("Version", "VersionId"),
    ];
    let input = rename(&location, &names);
    let reply = at
        .aws
        .call_raw(&at.cx.scope, "s3", "GetObject", input, Bytes::new())
        .await;
    let reply = reply.map_err(|error| Failure::of("s3", "GetObject", error))?;
    let (bucket, key) = (text(&location, "Bucket"), text(&location, "Key"));
    let definition = std::str::from_utf8(&reply.body).ok();
    let definition = definition
        .filter(|text| serde_json::from_str::<Value>(text).is_ok_and(|one| one.is_object()));
    definition
        .map(str::to_owned)
        .ok_or_else(|| Failure::invalid(format!("s3://{bucket}/{key} is not a definition in JSON")))
}

/// The live definition as the template writes it, where they say the same.
pub(super) fn as_declared(live: &str, properties: &Value) -> Value {
    let same = declared(properties).is_some_and(|declared| {
        declared == live
            || match (
                serde_json::from_str::<Value>(&declared),
                serde_json::from_str::<Value>(live),
            ) {
                (Ok(one), Ok(other)) => one == other,
                _ => false,
            }
    });
    match properties.get("DefinitionString") {
        Some(declared) if same => declared.clone(),
        _ => json!(live),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitutions_reach_into_the_definition() {
        let properties = json!({
            "Definition": {"StartAt": "${First}", "TimeoutSeconds": "${Seconds}"},
            "DefinitionSubstitutions": {"First": "Go", "Seconds": 5},
        });
        let definition = declared(&properties).unwrap();
        assert_eq!(definition, r#"{"StartAt":"Go","TimeoutSeconds":"5"}"#);
    }

    #[test]
    fn formatting_is_no_difference() {
        let properties = json!({"DefinitionString": "{ \"StartAt\": \"${A}\" }", "DefinitionSubstitutions": {"A": "x"}});
        assert_eq!(
            as_declared(r#"{"StartAt":"x"}"#, &properties),
            properties["DefinitionString"]
        );
        assert_eq!(
            as_declared(r#"{"StartAt":"y"}"#, &properties),
            json!(r#"{"StartAt":"y"}"#)
        );
    }
}
