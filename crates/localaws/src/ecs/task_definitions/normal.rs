//! The defaults that ECS fills into what is registered.

use serde_json::{Map, Value, json};

use super::fargate_size::size;
use crate::params::Params;

/// Members of a registration that a task definition keeps.
const KEPT: [&str; 13] = [
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "requiresCompatibilities",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
    "cpu",
    "memory",
];

/// The body of a task definition.
pub(super) fn body(input: &Value) -> Value {
    let mut body = Map::new();
    let network = input.text("networkMode");
    let containers = input.items("containerDefinitions").iter();
    let containers: Vec<Value> = containers.map(|one| container(one, network)).collect();
    body.insert("containerDefinitions".to_owned(), containers.into());
    for member in ["volumes", "placementConstraints"] {
        body.insert(member.to_owned(), input.items(member).into());
    }
    for member in KEPT {
        if let Some(value) = input.member(member) {
            body.insert(member.to_owned(), value.clone());
        }
    }
    for member in ["cpu", "memory"] {
        if let Some(size) = input.text(member).and_then(size) {
            body.insert(member.to_owned(), size.to_string().into());
        }
    }
    let wanted = input.texts("requiresCompatibilities");
    let fargate = wanted.iter().any(|one| one == "FARGATE");
    let mut compatible = vec!["EC2"];
    if fargate {
        compatible.push("FARGATE");
    }
    if wanted.iter().any(|one| one == "EXTERNAL") {
        compatible.push("EXTERNAL");
    }
    body.insert("compatibilities".to_owned(), json!(compatible));
    Value::Object(body)
}

fn container(given: &Value, network: Option<&str>) -> Value {
    let mut container = given.clone();
    let Some(members) = container.as_object_mut() else {
        return container;
    };
    members.entry("cpu").or_insert_with(|| json!(0));
    members.entry("essential").or_insert_with(|| json!(true));
    for list in [
        "environment",
        "mountPoints",
        "volumesFrom",
        "portMappings",
        "systemControls",
    ] {
        members.entry(list).or_insert_with(|| json!([]));
    }
    let ports = members
        .get_mut("portMappings")
        .and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten() {
        let same = matches!(network, Some("awsvpc" | "host"));
        let host = if same {
            port.get("containerPort").cloned().unwrap_or_default()
        } else {
            json!(0)
        };
        if let Some(port) = port.as_object_mut() {
            port.entry("hostPort").or_insert(host);
            port.entry("protocol").or_insert_with(|| json!("tcp"));
        }
    }
    container
}
