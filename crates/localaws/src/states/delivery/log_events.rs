//! Histories in CloudWatch Logs, as far as the logging configuration asks for them.

use asl::Event;
use serde_json::{Value, json};

use crate::Scope;
use crate::states::execution::Execution;
use crate::states::runner::Running;
use crate::states::{States, configuration};

/// Where and what an execution logs.
#[derive(Debug)]
pub(in super::super) struct LogTarget {
    scope: Scope,
    group: String,
    stream: String,
    level: Level,
    with_data: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    All,
    Error,
    Fatal,
}

impl Level {
    /// Whether events of a type are logged.
    fn takes(self, event: &str) -> bool {
        match self {
            Self::All => true,
            Self::Error => {
                event == "FailStateEntered"
                    || ["Failed", "TimedOut", "Aborted"]
                        .iter()
                        .any(|end| event.ends_with(end))
            }
            Self::Fatal => {
                matches!(
                    event,
                    "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted"
                )
            }
        }
    }
}

impl States {
    /// Where an execution is to be logged, if at all.
    pub(in super::super) fn log_target(&self, row: &Execution) -> Option<LogTarget> {
        let revision = self.machines.revision(&row.revision)?;
        let level = match revision.logging.get("level").and_then(Value::as_str)? {
            "ALL" => Level::All,
            "ERROR" => Level::Error,
            "FATAL" => Level::Fatal,
            _ => return None,
        };
        let (scope, group) = configuration::log_group(&revision.logging)?;
        let time = row.started.strftime("%Y-%m-%d-%H-%M");
        let with_data = revision
            .logging
            .get("includeExecutionData")
            .and_then(Value::as_bool);
        Some(LogTarget {
            scope,
            group: group.to_owned(),
            stream: format!(
                "states/{}/{time}/{:08x}",
                row.machine_name(),
                row.seed >> 32
            ),
            level,
            with_data: with_data == Some(true),
        })
    }

    /// Sends the events that were not sent yet.
    pub(in super::super) fn log_new_events(&self, running: &Running) {
        let Some(target) = &running.log else { return };
        let mut state = running.lock();
        let first = state.logged == 0;
        // One that rests has nothing new to say.
        let events = state.machine.awake().map(asl::Execution::events);
        let new = events.and_then(|events| events.get(state.logged..));
        let new = new.unwrap_or_default();
        let entries: Vec<Value> = new
            .iter()
            .filter_map(|event| entry(event, target, &running.arn, state.row.redrives().count))
            .collect();
        let logged = state.logged + new.len();
        state.logged = logged;
        drop(state);
        if first {
            let stream = json!({ "logGroupName": target.group, "logStreamName": target.stream });
            self.deliveries
                .push(&target.scope, "logs", "CreateLogStream", stream);
        }
        if !entries.is_empty() {
            let input = json!({
                "logGroupName": target.group,
                "logStreamName": target.stream,
                "logEvents": entries,
            });
            self.deliveries
                .push(&target.scope, "logs", "PutLogEvents", input);
        }
    }
}

/// An event in the words of the log.
fn entry(event: &Event, target: &LogTarget, execution_arn: &str, redrives: u64) -> Option<Value> {
    let kind = event.event_type();
    if !target.level.takes(&kind) {
        return None;
    }
    let event = event.to_api(target.with_data);
    let details = event
        .as_object()?
        .iter()
        .find(|(name, _)| name.ends_with("EventDetails"));
    let time: jiff::Timestamp = event
        .get("timestamp")
        .and_then(Value::as_str)?
        .parse()
        .ok()?;
    let text = |member: &str| event.get(member).map(Value::to_string).unwrap_or_default();
    let message = json!({
        "id": text("id"),
        "type": kind,
        "details": details.map_or_else(|| json!({}), |(_, details)| details.clone()),
        "previous_event_id": text("previousEventId"),
        "event_timestamp": time.as_millisecond().to_string(),
        "execution_arn": execution_arn,
        "redrive_count": redrives.to_string(),
    });
    Some(json!({ "timestamp": time.as_millisecond(), "message": message.to_string() }))
}
