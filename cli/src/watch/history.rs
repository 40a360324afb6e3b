//! What a history event means to a person.

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType as Type};
use serde_json::Value;

use crate::ui::plain;

/// An event in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A state began.
    Entered(String),
    /// A state ended.
    Exited(String),
    /// Something failed: error and cause.
    Failed(String, String),
    /// A map run began; its ARN.
    MapRun(String),
    /// Of no interest to a person who watches.
    Other,
}

/// Reads an event.
pub fn describe(event: &HistoryEvent) -> Line {
    if let Some(details) = event.state_entered_event_details() {
        return Line::Entered(details.name().to_owned());
    }
    if let Some(details) = event.state_exited_event_details() {
        return Line::Exited(details.name().to_owned());
    }
    if let Some(details) = event.map_run_started_event_details() {
        return Line::MapRun(details.map_run_arn().unwrap_or_default().to_owned());
    }
    failure(event).map_or(Line::Other, |(what, why)| Line::Failed(what, why))
}

fn failure(event: &HistoryEvent) -> Option<(String, String)> {
    let (error, cause) = match event.r#type() {
        Type::TaskFailed => event
            .task_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::TaskStartFailed => event
            .task_start_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::TaskSubmitFailed => event
            .task_submit_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::TaskTimedOut => event
            .task_timed_out_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::LambdaFunctionFailed => event
            .lambda_function_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::EvaluationFailed => event
            .evaluation_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::MapRunFailed => event
            .map_run_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        Type::ExecutionFailed => event
            .execution_failed_event_details()
            .map(|d| (d.error(), d.cause())),
        _ => return None,
    }?;
    Some((
        plain(error.unwrap_or_default()),
        cause_in_words(cause.unwrap_or_default()),
    ))
}

/// A cause as a person reads it: of a failed Lambda function's, which is a document, its message;
/// of a task of ECS, why it stopped and what its containers exited with.
pub fn cause_in_words(cause: &str) -> String {
    let Ok(Value::Object(document)) = serde_json::from_str::<Value>(cause) else {
        return plain(cause);
    };
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    if let Some(message) = text("errorMessage") {
        return plain(message);
    }
    let Some(containers) = document.get("Containers").and_then(Value::as_array) else {
        return plain(cause);
    };
    let mut words: Vec<String> = text("StoppedReason")
        .map(str::to_owned)
        .into_iter()
        .collect();
    for container in containers {
        let name = container
            .get("Name")
            .and_then(Value::as_str)
            .unwrap_or("a container");
        let code = container.get("ExitCode").and_then(Value::as_i64);
        words.extend(code.map(|code| format!("{name} exited with {code}")));
        let reason = container.get("Reason").and_then(Value::as_str);
        words.extend(reason.map(|reason| format!("{name}: {reason}")));
    }
    plain(&words.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read() {
        let cause = r#"{"errorType":"Drift.Refused","errorMessage":"no\u001b such bucket"}"#;
        assert_eq!(cause_in_words(cause), "no  such bucket");
        let cause = r#"{"StoppedReason":"Essential container in task exited","Containers":[{"Name":"job","ExitCode":3}]}"#;
        assert_eq!(
            cause_in_words(cause),
            "Essential container in task exited; job exited with 3"
        );
        assert_eq!(
            cause_in_words("Topic does not exist"),
            "Topic does not exist"
        );
    }
}
