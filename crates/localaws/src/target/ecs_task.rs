//! Starting a task of ECS for a rule, a schedule or a pipe: their parameters as `RunTask` takes
//! them.

use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::{Aws, AwsError, Scope};

/// Parameters under the same name, but for its first letters.
const SAME: [(&str, &str); 9] = [
    ("TaskDefinitionArn", "taskDefinition"),
    ("TaskCount", "count"),
    ("LaunchType", "launchType"),
    ("PlatformVersion", "platformVersion"),
    ("Group", "group"),
    ("EnableECSManagedTags", "enableECSManagedTags"),
    ("EnableExecuteCommand", "enableExecuteCommand"),
    ("PropagateTags", "propagateTags"),
    ("ReferenceId", "referenceId"),
];

/// What may be overridden. Other members of an input are ignored: a rule without an input hands on
/// its event.
const OVERRIDES: [&str; 7] = [
    "containerOverrides",
    "cpu",
    "ephemeralStorage",
    "executionRoleArn",
    "inferenceAcceleratorOverrides",
    "memory",
    "taskRoleArn",
];

/// Starts the task; `StartedBy` among the parameters says for whom.
pub(super) async fn run(
    aws: &Aws,
    scope: &Scope,
    cluster: &str,
    parameters: &Value,
    overrides: &str,
) -> Result<(), AwsError> {
    let answer = aws
        .call(
            scope,
            "ecs",
            "RunTask",
            input(cluster, parameters, overrides),
        )
        .await?;
    match answer.items("failures").first() {
        Some(failure) => {
            let reason = failure.text("reason").unwrap_or_default();
            let error = AwsError::new("EcsTaskNotStarted", reason);
            // What is missing now may be there later.
            Err(error.with_status(500))
        }
        None => Ok(()),
    }
}

fn input(cluster: &str, parameters: &Value, overrides: &str) -> Value {
    let mut input = json!({ "cluster": cluster });
    let named = SAME.iter().chain([&("StartedBy", "startedBy")]);
    for (from, to) in named {
        if let Some(value) = parameters.member(from) {
            input[*to] = value.clone();
        }
    }
    for (from, to) in [
        ("CapacityProviderStrategy", "capacityProviderStrategy"),
        ("PlacementConstraints", "placementConstraints"),
        ("PlacementStrategy", "placementStrategy"),
        ("NetworkConfiguration", "networkConfiguration"),
        ("Tags", "tags"),
    ] {
        if let Some(value) = parameters.member(from) {
            input[to] = small(value);
        }
    }
    let given: Value = serde_json::from_str(overrides).unwrap_or_default();
    let known = given.as_object().into_iter().flatten();
    let known = known.filter(|(name, _)| OVERRIDES.contains(&name.as_str()));
    let known: Map<String, Value> = known
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !known.is_empty() {
        input["overrides"] = Value::Object(known);
    }
    input
}

/// The same value with members that begin with small letters.
pub(crate) fn small(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_lowercase());
                (first.into_iter().chain(letters).collect(), small(value))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(small).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_those_of_the_call() {
        let parameters = json!({
            "TaskDefinitionArn": "d", "TaskCount": 2, "StartedBy": "me",
            "CapacityProviderStrategy": [{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }],
            "NetworkConfiguration": { "awsvpcConfiguration": { "Subnets": ["s"] } },
            "Tags": [{ "Key": "a", "Value": "1" }],
        });
        let overrides = json!({ "cpu": "512", "detail": {} }).to_string();
        assert_eq!(
            input("c", &parameters, &overrides),
            json!({
                "cluster": "c", "taskDefinition": "d", "count": 2, "startedBy": "me",
                "capacityProviderStrategy": [{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }],
                "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["s"] } },
                "tags": [{ "key": "a", "value": "1" }],
                "overrides": { "cpu": "512" },
            })
        );
    }
}
