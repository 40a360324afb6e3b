//! A container as the engine is asked for it.

use serde_json::{Value, json};

use super::super::Launch;

/// Label by which people find the containers of tasks: `docker ps --filter label=footwork.task`.
const LABEL: &str = "footwork.task";

/// The body of the request that creates the container.
pub(super) fn of(launch: &Launch, shares_network: bool) -> Value {
    let environment = launch.environment.iter();
    let mut body = json!({
        "Image": launch.image,
        "Env": environment.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(),
        "Labels": { LABEL: launch.task, "footwork.container": launch.name },
        "HostConfig": {
            "NetworkMode": if shares_network { "host" } else { "bridge" },
            "ReadonlyRootfs": launch.read_only,
            "Binds": launch.mounts.iter().map(|(folder, path, read_only)| {
                let mode = if *read_only { "ro" } else { "rw" };
                format!("{}:{path}:{mode}", folder.display())
            }).collect::<Vec<_>>(),
        },
    });
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body[name] = value;
        }
    };
    set(
        "Entrypoint",
        launch.entry_point.as_ref().map(|words| json!(words)),
    );
    set("Cmd", launch.command.as_ref().map(|words| json!(words)));
    set(
        "WorkingDir",
        launch.working_directory.as_ref().map(|path| json!(path)),
    );
    set("User", launch.user.as_ref().map(|user| json!(user)));
    let host = &mut body["HostConfig"];
    if let Some(memory) = launch.memory {
        host["Memory"] = json!(memory.saturating_mul(1 << 20));
    }
    if let Some(cpu) = launch.cpu.filter(|cpu| *cpu > 0) {
        // A thousand millionths of a processor each.
        host["NanoCpus"] = json!(cpu.saturating_mul(1_000_000_000) / 1024);
    }
    body
}
