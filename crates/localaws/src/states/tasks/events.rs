//! `events:putEvents`: one refused entry fails the task.

use serde_json::{Value, json};

use super::Task;
use super::api::Api;
use super::failure::Failure;

pub(super) async fn put_events(task: &Task) -> Result<String, Failure> {
    let mut parameters = task.asked.parameters.clone();
    let entries = parameters.get_mut("Entries").and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten() {
        // Step Functions adds the machine and the execution to the resources of every entry.
        if let Some(entry) = entry.as_object_mut() {
            let resources = entry.entry("Resources").or_insert_with(|| json!([]));
            if let Some(resources) = resources.as_array_mut() {
                resources.push((*task.running.machine_arn).into());
                resources.push((*task.running.arn).into());
            }
        }
    }
    let mut answer = Api::optimised("events", "putEvents")?
        .call(task, &parameters)
        .await?;
    let failed = answer
        .result
        .get("FailedEntryCount")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    answer.result["FailedEntryCount"] = failed.into();
    if failed > 0 {
        return Err(Failure::new(
            "EventBridge.FailedEntry",
            answer.result.to_string(),
        ));
    }
    Ok(answer.with_metadata(task, "application/x-amz-json-1.1", Some("connection")))
}
