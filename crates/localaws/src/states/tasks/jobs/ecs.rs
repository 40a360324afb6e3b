//! Tasks of ECS as a job: one, or several that are started together.

use serde_json::{Value, json};

/// How a job of tasks stands.
pub(super) enum Verdict {
    Runs,
    Succeeded(Value),
    Failed(Value),
}

/// Judges the answer of `DescribeTasks`: the job is over when all tasks stopped, and it succeeded
/// when every container of them exited with 0. The result is the task as ECS's events show it;
/// of several tasks, which AWS's documentation does not mention, the list of them.
pub(super) fn verdict(described: &Value) -> Verdict {
    let tasks = described.get("Tasks").and_then(Value::as_array);
    let tasks = tasks.map(Vec::as_slice).unwrap_or_default();
    let is = |task: &Value, member: &str, value: &str| {
        task.get(member).and_then(Value::as_str) == Some(value)
    };
    if tasks.iter().any(|task| !is(task, "LastStatus", "STOPPED")) {
        return Verdict::Runs;
    }
    let well = |task: &Value| {
        let containers = task.get("Containers").and_then(Value::as_array);
        let mut containers = containers.into_iter().flatten();
        is(task, "StopCode", "EssentialContainerExited")
            && containers.all(|container| {
                let code = container.get("ExitCode").and_then(Value::as_i64);
                code.is_none_or(|code| code == 0)
            })
    };
    let all_well = !tasks.is_empty() && tasks.iter().all(well);
    let shown: Vec<Value> = tasks.iter().map(as_in_events).collect();
    let result = match <[Value; 1]>::try_from(shown) {
        Ok([task]) => task,
        Err(tasks) => json!(tasks),
    };
    if all_well {
        Verdict::Succeeded(result)
    } else {
        Verdict::Failed(result)
    }
}

/// Step Functions hears of the end by an event, and those differ a little from the API.
fn as_in_events(task: &Value) -> Value {
    let mut task = task.clone();
    if let Some(members) = task.as_object_mut() {
        members.shift_remove("PlatformFamily");
    }
    let containers = task.get_mut("Containers").and_then(Value::as_array_mut);
    for container in containers.into_iter().flatten() {
        if let Some(members) = container.as_object_mut() {
            members.shift_remove("HealthStatus");
        }
    }
    let attachments = task.get_mut("Attachments").and_then(Value::as_array_mut);
    for attachment in attachments.into_iter().flatten() {
        attachment["Type"] = json!("eni");
    }
    task
}
