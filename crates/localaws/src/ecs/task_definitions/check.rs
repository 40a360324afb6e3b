//! What is wrong with a task definition. Every fault is told, each in ECS's words where those are
//! known; ECS itself tells the first.

use serde_json::Value;

use super::fargate_size::{no_such_size, size};
use crate::AwsError;
use crate::ecs::error::client;
use crate::ecs::names::is_name;
use crate::params::Params;

/// Refuses a definition that cannot be registered.
pub(super) fn check(input: &Value) -> Result<(), AwsError> {
    let mut faults = Vec::new();
    if !is_name(input.text("family").unwrap_or_default()) {
        faults.push(
            "Family contains invalid characters. Only letters, numbers, hyphens, and underscores are allowed."
                .to_owned(),
        );
    }
    containers(input, &mut faults);
    sizes(input, &mut faults);
    let wanted = input.texts("requiresCompatibilities");
    if wanted.iter().any(|one| one == "FARGATE") {
        fargate(input, &mut faults);
    } else {
        let task_memory = input.member("memory").is_some();
        for container in input.items("containerDefinitions") {
            let own = ["memory", "memoryReservation"];
            if !task_memory && own.iter().all(|name| container.member(name).is_none()) {
                let name = container.text("name").unwrap_or_default();
                faults.push(format!(
                    "Invalid setting for container '{name}'. At least one of 'memory' or \
                     'memoryReservation' must be specified."
                ));
            }
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(client(faults.join(" "))),
    }
}

fn containers(input: &Value, faults: &mut Vec<String>) {
    let containers = input.items("containerDefinitions");
    if containers.is_empty() {
        faults.push("Container list cannot be empty.".to_owned());
        return;
    }
    let mut names: Vec<&str> = Vec::new();
    for container in containers {
        let name = container.text("name").unwrap_or_default();
        if name.is_empty() {
            faults.push("Container.name should not be null or empty.".to_owned());
        } else if !is_name(name) {
            faults.push(format!(
                "Container name '{name}' contains invalid characters. Only letters, numbers, \
                 hyphens, and underscores are allowed."
            ));
        } else if names.contains(&name) {
            faults.push(format!("Container names must be unique: '{name}'."));
        }
        names.push(name);
        if container.filled("image").is_none() {
            faults.push("Container.image should not be null or empty.".to_owned());
        }
    }
    if !containers.iter().any(is_essential) {
        faults.push("Task definition must have at least one essential container.".to_owned());
    }
    for container in containers {
        let name = container.text("name").unwrap_or_default();
        for dependency in container.items("dependsOn") {
            dependencies(containers, name, dependency, faults);
        }
    }
    if let Some(name) = in_a_circle(containers) {
        faults.push(format!(
            "Container dependencies contain a cycle through '{name}'."
        ));
    }
}

fn dependencies(containers: &[Value], name: &str, dependency: &Value, faults: &mut Vec<String>) {
    let on = dependency.text("containerName").unwrap_or_default();
    let Some(other) = containers.iter().find(|one| one.text("name") == Some(on)) else {
        faults.push(format!(
            "Container '{name}' depends on '{on}', which is no container of the task definition."
        ));
        return;
    };
    let condition = dependency.text("condition").unwrap_or_default();
    if ["COMPLETE", "SUCCESS"].contains(&condition) && is_essential(other) {
        faults.push(format!(
            "Container '{name}' cannot depend on the {condition} of '{on}', which is essential."
        ));
    }
    if condition == "HEALTHY" && other.member("healthCheck").is_none() {
        faults.push(format!(
            "Container '{name}' cannot depend on '{on}' being HEALTHY: it has no health check."
        ));
    }
}

/// A container that, by way of others, waits for itself.
fn in_a_circle(containers: &[Value]) -> Option<&str> {
    let mut left: Vec<&Value> = containers.iter().collect();
    loop {
        let waits = |container: &&Value| {
            let mut on = container.items("dependsOn").iter();
            on.any(|one| {
                left.iter()
                    .any(|other| other.text("name") == one.text("containerName"))
            })
        };
        let stuck: Vec<&Value> = left.iter().copied().filter(waits).collect();
        if stuck.is_empty() {
            return None;
        }
        if stuck.len() == left.len() {
            return stuck.first().and_then(|one| one.text("name"));
        }
        left = stuck;
    }
}

fn sizes(input: &Value, faults: &mut Vec<String>) {
    for name in ["cpu", "memory"] {
        if input.text(name).is_some_and(|text| size(text).is_none()) {
            faults.push(format!("Invalid '{name}' setting for task."));
        }
    }
}

fn fargate(input: &Value, faults: &mut Vec<String>) {
    if input.text("networkMode") != Some("awsvpc") {
        faults.push("Fargate only supports network mode \u{2018}awsvpc\u{2019}.".to_owned());
    }
    let of = |name: &str| input.text(name).map(size);
    for name in ["cpu", "memory"] {
        if of(name).is_none() {
            faults.push(format!(
                "Fargate requires that '{name}' be defined at the task level."
            ));
        }
    }
    if let (Some(Some(cpu)), Some(Some(memory))) = (of("cpu"), of("memory"))
        && let Some(fault) = no_such_size(cpu, memory)
    {
        faults.push(fault);
    }
    let logs = input
        .items("containerDefinitions")
        .iter()
        .filter(|container| {
            container
                .map("logConfiguration")
                .is_some_and(|log| log.get("logDriver") == Some(&"awslogs".into()))
        });
    if logs.count() > 0 && input.filled("executionRoleArn").is_none() {
        faults.push("Fargate requires task definition to have execution role ARN to support log driver awslogs.".to_owned());
    }
}

/// Whether the task ends with the container.
pub(in crate::ecs) fn is_essential(container: &Value) -> bool {
    container.member("essential") != Some(&Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fault_is_told() {
        let container = json!({ "name": "a", "image": "i" });
        let fargate = |cpu: &str, memory: &str| {
            json!({
                "family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
                "cpu": cpu, "memory": memory, "containerDefinitions": [container],
            })
        };
        assert_eq!(check(&fargate("256", "512")), Ok(()));
        assert_eq!(check(&fargate(".5 vCPU", "1GB")), Ok(()));
        let depends =
            |on: &str, condition: &str| json!([{ "containerName": on, "condition": condition }]);
        for (input, wanted) in [
            (
                fargate("256", "4096"),
                "No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the \
                 Amazon ECS documentation for the valid values.",
            ),
            (fargate("256", "lots"), "Invalid 'memory' setting for task."),
            (
                json!({ "family": "f", "requiresCompatibilities": ["FARGATE"],
                        "containerDefinitions": [container] }),
                "Fargate only supports network mode \u{2018}awsvpc\u{2019}. Fargate requires that \
                 'cpu' be defined at the task level. Fargate requires that 'memory' be defined at \
                 the task level.",
            ),
            (
                json!({ "family": "f", "containerDefinitions": [container] }),
                "Invalid setting for container 'a'. At least one of 'memory' or \
                 'memoryReservation' must be specified.",
            ),
            (
                json!({ "family": "f", "memory": "512", "containerDefinitions": [
                    { "name": "a", "image": "i", "dependsOn": depends("b", "START") },
                    { "name": "b", "image": "", "dependsOn": depends("a", "START") },
                    { "name": "c", "image": "i", "dependsOn": depends("d", "START") }] }),
                "Container.image should not be null or empty. Container 'c' depends on 'd', which \
                 is no container of the task definition. Container dependencies contain a cycle \
                 through 'a'.",
            ),
        ] {
            assert_eq!(check(&input).unwrap_err().message, wanted);
        }
    }
}
