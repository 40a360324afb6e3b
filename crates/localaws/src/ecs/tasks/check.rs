//! What is wrong with a call of `RunTask`. Every fault is told; ECS itself tells the first.

use serde_json::Value;

use crate::AwsError;
use crate::ecs::error::{client, invalid};
use crate::ecs::task_definitions::{TaskDefinition, no_such_size, size};
use crate::params::Params;

/// Characters that overrides may have, written as JSON.
const MOST_OVERRIDES: usize = 8192;

pub(super) fn check(
    input: &Value,
    definition: &TaskDefinition,
    launch_type: &str,
) -> Result<(), AwsError> {
    let mut faults = Vec::new();
    match launch_type {
        "FARGATE" if !definition.suits_fargate() => {
            faults.push("Task definition does not support launch_type FARGATE.".to_owned());
        }
        "EXTERNAL" | "MANAGED_INSTANCES" => faults.push(format!(
            "The launch type {launch_type} has no capacity on this endpoint."
        )),
        _ => {}
    }
    let network = input.map("networkConfiguration");
    let network = network.and_then(|network| network.map("awsvpcConfiguration"));
    match (definition.body.text("networkMode"), network) {
        (Some("awsvpc"), None) => faults.push(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
                .to_owned(),
        ),
        (Some("awsvpc"), Some(network)) if network.texts("subnets").is_empty() => {
            faults.push("subnets can not be empty.".to_owned());
        }
        (Some("awsvpc"), _) | (_, None) => {}
        (_, Some(_)) => faults.push(
            "Network Configuration is not valid for the given networkMode of this task definition."
                .to_owned(),
        ),
    }
    let overrides = input.map("overrides");
    for one in overrides.map_or(&[][..], |map| map.items("containerOverrides")) {
        let name = one.text("name").unwrap_or_default();
        let mut containers = definition.containers().iter();
        if !containers.any(|container| container.text("name") == Some(name)) {
            faults.push(format!(
                "Override for container named {name} is not a container in the TaskDefinition."
            ));
        }
    }
    let length = overrides.map_or(0, |overrides| {
        Value::Object(overrides.clone()).to_string().chars().count()
    });
    if length > MOST_OVERRIDES {
        faults.push(format!(
            "Container Overrides length must be at most {MOST_OVERRIDES}"
        ));
    }
    for name in ["cpu", "memory"] {
        let text = overrides.and_then(|map| map.text(name));
        if text.is_some_and(|text| size(text).is_none()) {
            faults.push(format!("Invalid '{name}' setting for task."));
        }
    }
    if launch_type == "FARGATE" {
        let of = |name: &str| {
            let given = overrides.and_then(|map| map.filled(name));
            given
                .or_else(|| definition.body.filled(name))
                .and_then(size)
        };
        if let (Some(cpu), Some(memory)) = (of("cpu"), of("memory"))
            && let Some(fault) = no_such_size(cpu, memory)
        {
            // In ECS it is the caller's fault in another class.
            return match faults.is_empty() {
                true => Err(client(fault)),
                false => Err(invalid(format!("{} {fault}", faults.join(" ")))),
            };
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(invalid(faults.join(" "))),
    }
}
