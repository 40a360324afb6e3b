//! `finish`: writes the history of a run that ended, lets the next one go, and publishes an event.
//!
//! The workflow calls it at its end. A run that was stopped, or failed where nobody foresaw it,
//! cannot; then EventBridge does, with its own event. Doing it twice does nothing worse than
//! publishing twice.

mod row;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock::{free, leave};
use crate::ports::{Events, Locks, Notes, Runs};
use crate::prepare::Record;
use crate::run::timestamp;
use crate::{Error, Run, log};
use row::Row;

/// Who calls, and with what.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Request {
    /// The workflow at its end.
    End(Box<End>),
    /// EventBridge: the status of an execution changed.
    Event {
        /// What the event says.
        detail: Detail,
    },
}

/// What the workflow tells of the end of its run.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// The execution.
    pub run: Run,
    /// What was prepared for this.
    pub job: Record,
    /// When it ended, ISO 8601.
    pub at: String,
    /// `SUCCEEDED`, `FAILED` or `SKIPPED`.
    pub status: String,
    /// The number of the last attempt.
    #[serde(default)]
    pub attempts: u64,
    /// Interruptions by Spot, which are no attempts.
    #[serde(default)]
    pub interruptions: u64,
    /// What is known of the last container.
    #[serde(default)]
    pub ended: Value,
    /// Error of a failed run.
    pub error: Option<String>,
    /// Cause of a failed run.
    pub cause: Option<String>,
    /// Why a run was skipped.
    #[serde(default)]
    pub contention: Value,
}

/// The detail of an event "Step Functions Execution Status Change".
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// ARN of the execution.
    pub execution_arn: String,
    /// Its name.
    pub name: String,
    /// `ABORTED`, `FAILED` or `TIMED_OUT`.
    pub status: String,
    /// Milliseconds since 1970.
    pub start_date: i64,
    /// Milliseconds since 1970.
    pub stop_date: Option<i64>,
    /// Its input, JSON text; absent where it is too long for an event.
    pub input: Option<String>,
    /// Error.
    pub error: Option<String>,
    /// Cause.
    pub cause: Option<String>,
}

/// What the events need to know of the deployment; the workflow brings it along.
fn deployed() -> Record {
    let variable = |name| std::env::var(name).unwrap_or_default();
    Record {
        job: Some(variable("JOB")),
        table: Some(variable("TABLE")),
        history_days: variable("HISTORY_DAYS").parse().ok(),
        ..Record::default()
    }
}

/// Records the end and answers with what is in the history.
pub async fn handle(
    request: Request,
    port: &(impl Locks + Notes + Runs + Events),
) -> Result<Value, Error> {
    match request {
        Request::End(end) => {
            let record = end.job.clone().or(deployed());
            let row = Row::of_end(&end, &record)?;
            finish(port, &end.run, &record, row, false).await
        }
        Request::Event { detail } => {
            let record = deployed();
            let run = Run {
                name: detail.name.clone(),
                arn: detail.execution_arn.clone(),
                started_at: timestamp(detail.start_date),
            };
            let row = Row::of_event(&detail, &run, &record)?;
            finish(port, &run, &record, row, true).await
        }
    }
}

/// `unawares`: the run did not come to its own end, so there may be a row already, and containers.
async fn finish(
    port: &(impl Locks + Notes + Runs + Events),
    run: &Run,
    record: &Record,
    row: Row,
    unawares: bool,
) -> Result<Value, Error> {
    let table = record.table.as_deref().unwrap_or_default();
    let written = port.put_row(table, &row.item(), unawares).await?;
    if unawares || record.lock.as_deref() == Some("lock") || record.lock.is_none() {
        let who = (run.arn.as_str(), &*run.sort_key());
        leave(port, table, who, &row.ended_at, unawares).await?;
    }
    let own = free(&run.name);
    if unawares || record.lock.as_deref() == Some(&own) {
        port.drop_lock(table, &own).await?;
    }
    let summary = row.summary();
    if written {
        let bus = std::env::var("EVENT_BUS").unwrap_or_else(|_| "default".to_owned());
        let job = record.job.as_deref().unwrap_or_default();
        let mut detail = summary.clone();
        detail["job"] = json!(job);
        let entry = json!({
            "EventBusName": bus,
            "Source": "footwork.fargate-job",
            "DetailType": row.detail_type(),
            "Resources": [run.arn],
            "Detail": detail.to_string(),
        });
        port.publish(&entry).await?;
        // The template counts these lines.
        log::info(
            "ended",
            json!({ "run": run.name, "status": row.status, "seconds": row.seconds }),
        );
    }
    Ok(summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::Lock;
    use crate::ports::memory::Memory;

    const START: &str = "2026-11-22T10:00:00.000Z";

    fn arn(name: &str) -> String {
        format!("arn:aws:states:eu-west-1:111122223333:execution:job:{name}")
    }

    fn holding(name: &str) -> Memory {
        let port = Memory::default();
        port.state().lock = Lock::default().held_by(&arn(name), START, START);
        port
    }

    fn read(request: Value) -> Request {
        serde_json::from_value(request).unwrap()
    }

    fn end(status: &str, more: Value) -> Request {
        let mut request = json!({
            "run": {"name": "a", "arn": arn("a"), "startedAt": START},
            "at": "2026-11-22T10:01:30.500Z", "status": status,
            "job": {"job": "nightly", "table": "t", "historyDays": 90, "lock": "lock",
                    "trigger": {"kind": "schedule", "name": "first"}, "image": "i@sha256:1"},
        });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        read(request)
    }

    fn row(port: &Memory, name: &str) -> Value {
        let key = ("run".to_owned(), format!("{START}#{name}"));
        port.state().rows.get(&key).cloned().unwrap()
    }

    #[tokio::test]
    async fn a_success_is_recorded_and_the_lock_is_free() {
        let port = holding("a");
        let more =
            json!({"attempts": 2, "interruptions": 1, "ended": {"exitCode": 0, "task": "t/1"}});
        let summary = handle(end("SUCCEEDED", more), &port).await.unwrap();
        assert_eq!(summary["seconds"], 90.5);
        let row = row(&port, "a");
        assert_eq!(
            (&row["attempts"], &row["spotInterruptions"]),
            (&json!(3), &json!(1))
        );
        assert_eq!((&row["exitCode"], &row["task"]), (&json!(0), &json!("t/1")));
        assert_eq!(row["trigger"]["name"], "first");
        assert_eq!(row["expiresAt"], 1795341690_i64 + 90 * 86400);
        let state = port.state();
        assert_eq!(state.lock.holder, None);
        assert_eq!(state.lock.lingering, None);
        assert_eq!(state.events[0]["DetailType"], "Job Succeeded");
    }

    #[tokio::test]
    async fn a_skipped_run_leaves_the_holder_alone() {
        let port = holding("b");
        let more = json!({"contention": {"decision": "skip", "reason": "why", "heldBy": arn("b")}});
        handle(end("SKIPPED", more), &port).await.unwrap();
        let row = row(&port, "a");
        assert_eq!(
            (&row["reason"], &row["heldBy"]),
            (&json!("why"), &json!(arn("b")))
        );
        assert!(port.state().lock.is_held_by(&arn("b")));
        assert_eq!(port.state().events[0]["DetailType"], "Job Skipped");
    }

    #[tokio::test]
    async fn a_run_that_overlaps_drops_its_own_lock() {
        let port = holding("b");
        let mut request = end("SUCCEEDED", json!({}));
        if let Request::End(end) = &mut request {
            end.job.lock = Some(free("a"));
        }
        handle(request, &port).await.unwrap();
        assert_eq!(port.state().dropped_locks, ["free#a"]);
        assert!(port.state().lock.is_held_by(&arn("b")));
    }

    #[tokio::test]
    async fn an_execution_that_was_stopped_is_cleaned_up_after() {
        let port = holding("a");
        let event = json!({"detail-type": "Step Functions Execution Status Change", "detail": {
            "executionArn": arn("a"), "name": "a", "status": "ABORTED",
            "startDate": 1795341600000_i64, "stopDate": 1795341660000_i64,
            "input": r#"{"trigger": {"kind": "manual"}}"#, "error": null, "cause": null,
        }});
        handle(read(event.clone()), &port).await.unwrap();
        assert_eq!(port.state().lock.holder, None);
        assert_eq!(port.state().lock.lingering.as_deref(), Some("a"));
        let row = row(&port, "a");
        assert_eq!(
            (&row["status"], &row["seconds"]),
            (&json!("ABORTED"), &json!(60.0))
        );
        assert_eq!(row["trigger"]["kind"], "manual");
        handle(read(event), &port).await.unwrap();
        assert_eq!(port.state().events.len(), 1, "told once");
    }
}
