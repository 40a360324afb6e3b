//! Watching an execution: each state as it goes, until the end.

mod code;
mod containers;
mod history;
mod progress;
mod view;

use std::time::Duration;

use aws_sdk_sfn::types::{ExecutionStatus, HistoryEvent};
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::pace::Pace;
use crate::target::Target;
use crate::ui::Ui;

pub use code::container_exit;
pub use containers::{Containers, LogLine};
pub use history::{Line, cause_in_words, describe};
pub use progress::Progress;
pub use view::View;

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

/// Follows an execution until it ends, and shows its states on stderr.
pub async fn follow(target: &Target, execution: &str, ui: &Ui) -> Result<Ended> {
    let watch = Watch::new(target, execution);
    watch.until_end(&mut Progress::new(ui)).await
}

/// How often containers are listened to at the least.
const LISTENING: Duration = Duration::from_secs(1);

/// An execution that is watched.
#[derive(Debug)]
pub struct Watch<'a> {
    target: &'a Target,
    execution: &'a str,
    last: i64,
    containers: Option<Containers>,
    map_run: Option<String>,
}

impl<'a> Watch<'a> {
    /// Watches an execution from its begin.
    pub fn new(target: &'a Target, execution: &'a str) -> Self {
        Self {
            target,
            execution,
            last: 0,
            containers: None,
            map_run: None,
        }
    }

    /// Leaves out the events up to this one.
    #[must_use]
    pub fn after(mut self, event: i64) -> Self {
        self.last = event;
        self
    }

    /// Listens to the containers too.
    #[must_use]
    pub fn listening(mut self, containers: Containers) -> Self {
        self.containers = Some(containers);
        self
    }

    /// Tells `view` what happens until the execution ends.
    pub async fn until_end(mut self, view: &mut dyn View) -> Result<Ended> {
        let mut pace = Pace::new(self.target);
        if self.containers.is_some() {
            pace = pace.at_most(LISTENING);
        }
        loop {
            let events = events_after(self.target, self.execution, self.last).await;
            let events = pace.forgive(events)?.unwrap_or_default();
            // Of a redriven execution the history goes on behind its end.
            let end = events.last().is_some_and(ends);
            if !events.is_empty() {
                pace.hurry();
            }
            let heard = self.listen(&mut pace).await?;
            self.tell(&events, heard, view);
            if end {
                while self.containers.as_ref().is_some_and(|all| !all.complete()) {
                    let heard = self.listen(&mut pace).await?;
                    self.tell(&[], heard, view);
                    pace.wait().await;
                }
                return ended(self.target, self.execution).await;
            }
            if let Some(status) = self.map_run(&mut pace).await? {
                view.status(status);
            }
            pace.wait().await;
        }
    }

    async fn listen(&mut self, pace: &mut Pace) -> Result<Vec<LogLine>> {
        let Some(containers) = &mut self.containers else {
            return Ok(Vec::new());
        };
        let lines = containers.read(self.target).await;
        let lines = pace.forgive(lines)?.unwrap_or_default();
        if !lines.is_empty() {
            pace.hurry();
        }
        Ok(lines)
    }

    /// Tells events and lines in the order of their times.
    fn tell(&mut self, events: &[HistoryEvent], lines: Vec<LogLine>, view: &mut dyn View) {
        let mut lines = lines.into_iter().peekable();
        for event in events {
            self.last = self.last.max(event.id());
            let at = event.timestamp().to_millis().unwrap_or(i64::MAX);
            while let Some(line) = lines.next_if(|line| line.at <= at) {
                view.line(&line);
            }
            if let Line::MapRun(arn) = describe(event) {
                self.map_run = Some(arn);
            }
            if let Some(containers) = &mut self.containers {
                containers.take(event);
            }
            view.event(event);
        }
        lines.for_each(|line| view.line(&line));
        let remarks = self.containers.as_mut().map(Containers::remarks);
        for remark in remarks.unwrap_or_default() {
            view.remark(&remark);
        }
    }

    /// How far the newest map run is.
    async fn map_run(&self, pace: &mut Pace) -> Result<Option<String>> {
        let Some(arn) = &self.map_run else {
            return Ok(None);
        };
        let found = self.target.sfn.describe_map_run().map_run_arn(arn).send();
        let found = found.await;
        let found = found.map_err(|error| Failure::aws("read the map run", error));
        let Some(found) = pace.forgive(found)? else {
            return Ok(None);
        };
        Ok(found.item_counts().map(|counts| {
            let done = counts.succeeded() + counts.failed() + counts.aborted() + counts.timed_out();
            let (total, running) = (counts.total(), counts.running());
            format!("{done} of {total} items done, {running} running")
        }))
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

/// Whether an execution ends with this event; a redrive may come behind it.
pub fn ends(event: &HistoryEvent) -> bool {
    use aws_sdk_sfn::types::HistoryEventType as Type;
    matches!(
        event.r#type(),
        Type::ExecutionSucceeded
            | Type::ExecutionFailed
            | Type::ExecutionTimedOut
            | Type::ExecutionAborted
    )
}

/// How an execution that ended did so.
pub async fn ended(target: &Target, execution: &str) -> Result<Ended> {
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
