//! `watch`: stops a task that has not started by the time that capacity and image are waited for.
//!
//! A rule sends "being provisioned" events of the job's tasks to a queue that holds them back for
//! that time, so each task is looked at once, and only if nothing came of it is it stopped. The
//! workflow hears of that from ECS like of any other end.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ports::Tasks;
use crate::{Error, log};

/// The beginning of the reason for which tasks are stopped; [`explain`](crate::explain) knows it.
pub(crate) const REASON: &str = "Job.Capacity:";

/// Messages of the queue.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// The messages.
    #[serde(rename = "Records")]
    pub records: Vec<Message>,
}

/// A message: an event of ECS.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub message_id: String,
    /// The event, JSON text.
    pub body: String,
}

/// The messages to deliver again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// One for each.
    pub batch_item_failures: Vec<Failed>,
}

/// A message to deliver again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// Its id.
    pub item_identifier: String,
}

/// Handles the messages; one that fails is delivered again.
pub async fn handle(request: Request, port: &impl Tasks) -> Result<Response, Error> {
    let mut response = Response::default();
    for message in request.records {
        if let Err(error) = look(&message.body, port).await {
            log::error(error.name(), &error.to_string());
            response.batch_item_failures.push(Failed {
                item_identifier: message.message_id,
            });
        }
    }
    Ok(response)
}

async fn look(event: &str, port: &impl Tasks) -> Result<(), Error> {
    let event: Value = serde_json::from_str(event)
        .map_err(|e| Error::BrokenRun(format!("an event cannot be read: {e}")))?;
    let text = |member: &str| event["detail"][member].as_str().unwrap_or_default();
    let (cluster, task) = (text("clusterArn"), text("taskArn"));
    let tasks = port.describe(cluster, &[task.to_owned()]).await?;
    let waits = tasks.iter().any(|task| {
        let status = task["lastStatus"].as_str().unwrap_or_default();
        let stops = task["desiredStatus"] == "STOPPED";
        !stops && ["PROVISIONING", "PENDING", "ACTIVATING"].contains(&status)
    });
    if waits {
        let seconds = std::env::var("CAPACITY_TIMEOUT").unwrap_or_default();
        let reason = format!("{REASON} the task had not started after {seconds} s");
        port.stop_task(cluster, task, &reason).await?;
        log::info("stopped a task that had not started", json!({}));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::memory::Memory;

    #[tokio::test]
    async fn only_what_has_not_started_is_stopped() {
        let port = Memory::default();
        for (task, status) in [("t/waits", "PROVISIONING"), ("t/runs", "RUNNING")] {
            port.state().tasks.push(json!({
                "taskArn": task, "lastStatus": status, "desiredStatus": "RUNNING", "group": "g",
            }));
        }
        let message = |id: &str, body: String| Message {
            message_id: id.to_owned(),
            body,
        };
        let event =
            |task: &str| json!({"detail": {"clusterArn": "c", "taskArn": task}}).to_string();
        let records = vec![
            message("1", event("t/waits")),
            message("2", event("t/runs")),
            message("3", "no event".to_owned()),
        ];
        let response = handle(Request { records }, &port).await.unwrap();
        assert_eq!(response.batch_item_failures[0].item_identifier, "3");
        assert_eq!(response.batch_item_failures.len(), 1);
        let stopped = port.state().stopped_tasks.clone();
        assert_eq!(stopped.len(), 1, "{stopped:?}");
        assert!(
            stopped[0].starts_with("t/waits Job.Capacity:"),
            "{stopped:?}"
        );
    }
}
