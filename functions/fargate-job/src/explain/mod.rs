//! `explain`: finds out why a container failed, and what follows.
//!
//! Also weighs the results of an array run, which fails as a whole or does not.

mod cause;
mod class;
mod follow;
mod results;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ports::{Files, Tails, Tasks, any_lives, group};
use crate::prepare::{Array, Policy, Task};
use crate::{Error, Run, log};
use class::{Class, Ended};

/// What the workflow asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Request {
    /// Why a container failed.
    Failure(Box<Failed>),
    /// What became of an array.
    Results(Box<Weighed>),
}

/// A container that failed.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// The execution.
    pub run: Run,
    /// What was prepared.
    pub job: Job,
    /// Group of the task.
    pub group: String,
    /// Error and cause of the state that ran it.
    pub failure: Failure,
    /// The number of the attempt.
    pub attempt: u64,
    /// Interruptions by Spot so far.
    pub interruptions: u64,
    /// Whether it ran on Spot.
    pub spot: bool,
}

/// What is needed of a prepared run.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Seconds that an attempt may take.
    pub timeout_seconds: u64,
    /// The task.
    pub task: Task,
    /// What follows failures.
    pub policy: Policy,
}

/// An error as a state catches it.
#[derive(Debug, Clone, Deserialize)]
pub struct Failure {
    /// Its name.
    pub error: String,
    /// What happened, JSON text of the task where there is one.
    #[serde(default)]
    pub cause: String,
}

/// An array whose children have all ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weighed {
    /// The array.
    pub array: Array,
    /// Where the map says that it wrote its results.
    pub results: results::Place,
}

/// What the workflow does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Next {
    /// Another attempt.
    Retry,
    /// The run succeeds.
    Succeed,
    /// The run fails.
    Fail,
}

/// Why, and what follows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// What the workflow does next.
    pub next: Next,
    /// The class of the failure, by which policies name it; none for an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'static str>,
    /// Name of the error.
    pub error: String,
    /// What happened, in words.
    pub cause: String,
    /// Exit code of the container that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// ARN of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Log group of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_group: Option<String>,
    /// Log stream of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_stream: Option<String>,
    /// What became of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<Value>,
    /// The number of the next attempt, or of the last one.
    pub attempt: u64,
    /// Interruptions by Spot so far, this one included.
    pub interruptions: u64,
    /// Whether the next attempt is on Spot.
    pub spot: bool,
    /// Seconds to wait at least before the next attempt.
    pub delay_from: u64,
    /// Seconds to wait at most.
    pub delay_to: u64,
}

/// Handles a request.
pub async fn handle(
    request: Request,
    port: &(impl Tasks + Tails + Files),
) -> Result<Verdict, Error> {
    match request {
        Request::Failure(failed) => explain(&failed, port).await,
        Request::Results(weighed) => results::weigh(&weighed, port).await,
    }
}

async fn explain(failed: &Failed, port: &(impl Tasks + Tails)) -> Result<Verdict, Error> {
    let Failed { run, job, .. } = failed;
    let known = serde_json::from_str(&failed.failure.cause).ok();
    let known = known.filter(|task: &Value| class::member(task, "taskArn").is_string());
    // A time-out, or a refused start, brings no task along. A task that still stops must be waited for.
    let (task, stopping) = match known {
        Some(task) => (Some(task), false),
        None => {
            let families = &job.task.families;
            let mut tasks = group(port, &job.task.cluster, families, &failed.group).await?;
            tasks.retain(|task| task["group"] == failed.group);
            let created = |task: &Value| task["createdAt"].as_f64().unwrap_or_default();
            tasks.sort_by(|a, b| created(a).total_cmp(&created(b)));
            let stopping = any_lives(&tasks);
            // That of an earlier attempt says nothing about a start that was refused.
            let its = failed.failure.error == "States.Timeout";
            (tasks.pop().filter(|_| its), stopping)
        }
    };
    let ended = class::ended(task.as_ref(), &failed.failure, &job.task.container);
    let log = task.as_ref().and_then(|task| log_of(job, task));
    let tail = match &log {
        Some((group, stream)) => port.tail(group, stream, cause::LINES).await?,
        None => Vec::new(),
    };
    let told = cause::Told {
        ended: &ended,
        timeout: job.timeout_seconds,
        attempt: failed.attempt,
        log: log
            .as_ref()
            .map(|(group, stream)| (group.as_str(), stream.as_str())),
        tail: &tail,
        region: run.region(),
    };
    let follows = follow::follow(&ended, failed, stopping);
    log::info(
        "explained",
        json!({ "run": run.name, "class": ended.class.word(), "next": follows.next }),
    );
    Ok(Verdict {
        next: follows.next,
        class: Some(ended.class.word()),
        error: ended.error(),
        cause: told.in_words(),
        exit_code: ended.exit_code,
        task: ended.task,
        log_group: log.as_ref().map(|(group, _)| group.clone()),
        log_stream: log.map(|(_, stream)| stream),
        array: None,
        attempt: follows.attempt,
        interruptions: follows.interruptions,
        spot: follows.spot,
        delay_from: follows.delay.0,
        delay_to: follows.delay.1,
    })
}

/// Log group and stream of the container that counts.
fn log_of(job: &Job, task: &Value) -> Option<(String, String)> {
    let log = job.task.log.as_ref()?;
    let arn = class::member(task, "taskArn").as_str()?;
    let id = arn.rsplit('/').next()?;
    let stream = format!("{}/{}/{id}", log.prefix, job.task.container);
    Some((log.group.clone(), stream))
}

#[cfg(test)]
mod tests;
