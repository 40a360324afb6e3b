//! Watching an execution: each state as it goes, until the end.

mod history;
mod progress;

use std::time::Duration;

use aws_sdk_sfn::types::{ExecutionStatus, HistoryEvent};
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::pace::Pace;
use crate::target::Target;
use crate::ui::Ui;

pub use history::{Line, cause_in_words, describe};
use progress::Progress;

/// How an execution ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`.
    pub status: ExecutionStatus,
    /// Output of a success, as a value.
    pub output: Value,
    /// Error name of a failure.
    pub error: Option<String>,
    /// Cause of a failure.
    pub cause: Option<String>,
    /// From start to end.
    pub duration: Duration,
}

/// Follows an execution until it ends, and shows it.
pub async fn follow(target: &Target, execution: &str, ui: &Ui) -> Result<Ended> {
    let mut last = 0;
    let mut pace = Pace::new(target);
    let mut progress = Progress::new();
    loop {
        let events = events_after(target, execution, last).await;
        let events = pace.forgive(events)?.unwrap_or_default();
        for event in &events {
            last = last.max(event.id());
            pace.hurry();
            progress.take(event, ui);
        }
        if events.iter().any(ends) {
            return ended(target, execution).await;
        }
        pace.forgive(progress.map_runs(target).await)?;
        pace.wait().await;
    }
}

/// Events with greater ids, in order. Reads the history from its end, so that a long one is not
/// read again and again.
pub async fn events_after(
    target: &Target,
    execution: &str,
    last: i64,
) -> Result<Vec<HistoryEvent>> {
    let history = target
        .sfn
        .get_execution_history()
        .execution_arn(execution)
        .reverse_order(true)
        .max_results(1000);
    let mut pages = history.into_paginator().send();
    let mut events = Vec::new();
    'pages: while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Failure::aws("read the history", error))?;
        for event in page.events {
            if event.id() <= last {
                break 'pages;
            }
            events.push(event);
        }
    }
    events.reverse();
    Ok(events)
}

fn ends(event: &HistoryEvent) -> bool {
    use aws_sdk_sfn::types::HistoryEventType as Type;
    matches!(
        event.r#type(),
        Type::ExecutionSucceeded
            | Type::ExecutionFailed
            | Type::ExecutionTimedOut
            | Type::ExecutionAborted
    )
}

async fn ended(target: &Target, execution: &str) -> Result<Ended> {
    let mut pace = Pace::new(target);
    loop {
        let found = target.sfn.describe_execution().execution_arn(execution);
        let found = found.send().await;
        let found = found.map_err(|error| Failure::aws("read the execution", error));
        // The history may be a moment ahead of the status.
        let found = pace.forgive(found)?;
        let Some(found) = found.filter(|found| *found.status() != ExecutionStatus::Running) else {
            pace.wait().await;
            continue;
        };
        let from = found.start_date().as_secs_f64();
        let to = found.stop_date().map_or(from, |time| time.as_secs_f64());
        let output = found.output().map(serde_json::from_str).transpose();
        return Ok(Ended {
            status: found.status().clone(),
            output: output.ok().flatten().unwrap_or_default(),
            error: found.error().map(str::to_owned),
            cause: found.cause().map(str::to_owned),
            duration: Duration::try_from_secs_f64(to - from).unwrap_or_default(),
        });
    }
}
