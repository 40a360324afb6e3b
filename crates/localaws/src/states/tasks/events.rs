//! `events:putEvents`: details may be any JSON, and one refused entry fails the task.

use serde_json::{Value, json};

use super::Task;
use super::failure::Failure;
use super::optimised::{Service, as_text};

const EVENTS: Service = Service {
    name: "events",
    prefix: "EventBridge",
    client: "AmazonEventBridge",
    base: "AmazonEventBridgeException",
};

pub(super) async fn put_events(task: &Task) -> Result<String, Failure> {
    let own = [task.machine_arn().to_owned(), task.running.arn.clone()];
    let complete = |parameters: &mut Value| {
        let entries = parameters.get_mut("Entries").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            as_text(entry, "Detail");
            // Step Functions adds the machine and the execution to every entry's resources.
            let given = entry.get("Resources").and_then(Value::as_array);
            let mut resources = given.cloned().unwrap_or_default();
            resources.extend(own.iter().map(|arn| arn.as_str().into()));
            entry["Resources"] = resources.into();
        }
    };
    let (result, request_id) = EVENTS.call_plain(task, "putEvents", complete).await?;
    let failed = result.get("FailedEntryCount").and_then(Value::as_i64);
    let result = json!({
        "Entries": result.get("Entries"),
        "FailedEntryCount": failed.unwrap_or_default(),
    });
    if failed.is_some_and(|failed| failed > 0) {
        return Err(Failure::new("EventBridge.FailedEntry", result.to_string()));
    }
    Ok(EVENTS.complete(task, &request_id, result).to_string())
}
