//! What a history event means to a person.

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType as Type};

/// An event in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A state began.
    Entered(String),
    /// A state ended.
    Exited(String),
    /// Something failed: what, and why.
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
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Some((text(error), text(cause)))
}
