//! A row of the history; the README of the workflow says what its attributes mean.

use serde_json::{Map, Value, json};

use super::{Detail, End};
use crate::prepare::{Record, one};
use crate::run::{millis, timestamp};
use crate::{Error, Run};

const DAY: i64 = 86_400;
/// What a row holds of a cause at most, in characters: an item has 400 KB, a person less patience.
const CAUSE: usize = 8_000;

/// A run that ended.
#[derive(Debug, Clone)]
pub(super) struct Row {
    sort_key: String,
    pub(super) status: String,
    pub(super) ended_at: String,
    pub(super) seconds: f64,
    expires_at: i64,
    members: Map<String, Value>,
}

impl Row {
    pub(super) fn of_end(end: &End, record: &Record) -> Result<Self, Error> {
        let started = end.attempts + end.interruptions;
        let skipped = end.status == "SKIPPED";
        let mut row = Self::new(&end.run, record, &end.status, millis(&end.at)?)?;
        row.set("attempts", json!(if skipped { 0 } else { started }));
        row.set("spotInterruptions", json!(end.interruptions));
        for member in ["exitCode", "task", "logGroup", "logStream", "array"] {
            row.set(member, end.ended[member].clone());
        }
        row.set("error", json!(end.error));
        row.set("cause", json!(end.cause.as_deref().map(shortened)));
        row.set("reason", end.contention["reason"].clone());
        row.set("heldBy", end.contention["heldBy"].clone());
        if !skipped {
            row.members.remove("reason");
            row.members.remove("heldBy");
        }
        Ok(row)
    }

    pub(super) fn of_event(detail: &Detail, run: &Run, record: &Record) -> Result<Self, Error> {
        let ended = detail.stop_date.unwrap_or(detail.start_date);
        let mut row = Self::new(run, record, &detail.status, ended)?;
        let input: Option<Value> = detail
            .input
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok());
        row.set(
            "trigger",
            input.map_or(Value::Null, |input| one(&input)["trigger"].clone()),
        );
        row.set("error", json!(detail.error));
        row.set(
            "cause",
            json!(
                detail
                    .cause
                    .as_deref()
                    .map(|cause| shortened(&in_words(cause)))
            ),
        );
        Ok(row)
    }

    fn new(run: &Run, record: &Record, status: &str, ended: i64) -> Result<Self, Error> {
        let seconds = (ended - millis(&run.started_at)?).max(0);
        let days = i64::from(record.history_days.unwrap_or(90));
        let mut row = Self {
            sort_key: run.sort_key(),
            status: status.to_owned(),
            ended_at: timestamp(ended),
            seconds: seconds as f64 / 1000.0,
            expires_at: ended / 1000 + days * DAY,
            members: Map::new(),
        };
        row.set("name", json!(run.name));
        row.set("execution", json!(run.arn));
        row.set("status", json!(status));
        row.set("startedAt", json!(run.started_at));
        row.set("endedAt", json!(row.ended_at));
        row.set("seconds", json!(row.seconds));
        row.set("trigger", record.trigger.clone().unwrap_or_default());
        row.set("image", json!(record.image));
        Ok(row)
    }

    fn set(&mut self, name: &str, value: Value) {
        if !value.is_null() {
            self.members.insert(name.to_owned(), value);
        }
    }

    /// The row of the table.
    pub(super) fn item(&self) -> Value {
        let mut item = self.members.clone();
        item.insert("pk".to_owned(), json!("run"));
        item.insert("sk".to_owned(), json!(self.sort_key));
        item.insert("expiresAt".to_owned(), json!(self.expires_at));
        Value::Object(item)
    }

    /// The same for people and events: the result of the execution.
    pub(super) fn summary(&self) -> Value {
        Value::Object(self.members.clone())
    }

    /// Detail type of the event.
    pub(super) fn detail_type(&self) -> &'static str {
        match self.status.as_str() {
            "SUCCEEDED" => "Job Succeeded",
            "SKIPPED" => "Job Skipped",
            _ => "Job Failed",
        }
    }
}

/// A function's failure is told as JSON.
fn in_words(cause: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(cause).ok();
    let message = parsed
        .as_ref()
        .and_then(|cause| cause["errorMessage"].as_str());
    message.unwrap_or(cause).to_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(CAUSE) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
