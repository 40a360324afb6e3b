//! Dynamic references: `{{resolve:ssm:name:version}}` inside resolved properties.
//!
//! Secure strings and secrets are refused: no service here keeps them.

use serde_json::{Map, Value, json};

use crate::Scope;
use crate::cloudformation::CloudFormation;

const BEGIN: &str = "{{resolve:";

/// The value with all dynamic references replaced.
pub(crate) async fn resolve(
    cfn: &CloudFormation,
    scope: &Scope,
    value: Value,
) -> Result<Value, String> {
    if !contains(&value) {
        return Ok(value);
    }
    Ok(match value {
        Value::String(text) => Value::String(replace(cfn, scope, &text).await?),
        Value::Array(list) => {
            let mut resolved = Vec::with_capacity(list.len());
            for value in list {
                resolved.push(Box::pin(resolve(cfn, scope, value)).await?);
            }
            Value::Array(resolved)
        }
        Value::Object(map) => {
            let mut resolved = Map::new();
            for (key, value) in map {
                resolved.insert(key, Box::pin(resolve(cfn, scope, value)).await?);
            }
            Value::Object(resolved)
        }
        scalar => scalar,
    })
}

fn contains(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(BEGIN),
        Value::Array(list) => list.iter().any(contains),
        Value::Object(map) => map.values().any(contains),
        _ => false,
    }
}

async fn replace(cfn: &CloudFormation, scope: &Scope, text: &str) -> Result<String, String> {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let Some((reference, behind)) = after.split_once("}}") else {
            break;
        };
        result.push_str(before);
        result.push_str(&parameter(cfn, scope, reference).await?);
        rest = behind;
    }
    result.push_str(rest);
    Ok(result)
}

async fn parameter(cfn: &CloudFormation, scope: &Scope, reference: &str) -> Result<String, String> {
    let Some(name) = reference.strip_prefix("ssm:") else {
        let service = reference.split(':').next().unwrap_or_default();
        return Err(format!(
            "Dynamic references to {service} are not supported by this endpoint: {{{{resolve:{reference}}}}}"
        ));
    };
    let input = json!({"Name": name});
    let answer = cfn.aws.call(scope, "ssm", "GetParameter", input).await;
    let answer = answer.map_err(|error| {
        format!(
            "Parameters: [ssm:{name}] cannot be found. {}",
            error.message
        )
    })?;
    let value = answer.pointer("/Parameter/Value").and_then(Value::as_str);
    Ok(value.unwrap_or_default().to_owned())
}
