//! Jobs: from `SUBMITTED` to `SUCCEEDED` or `FAILED`.

mod array;
mod attempt;
mod describe_jobs;
mod life;
mod list_jobs;
mod shown;
mod state_change;
mod stop_job;
mod submit_job;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Inner;
use super::tag::Tags;
use crate::Scope;
use crate::params::Params;

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Submitted,
    Pending,
    Runnable,
    Starting,
    Running,
    Succeeded,
    Failed,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Pending => "PENDING",
            Self::Runnable => "RUNNABLE",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }

    fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) scope: Scope,
    /// A UUID; children of array jobs have their index behind it: `<uuid>:0`.
    id: String,
    name: String,
    /// Name of the queue.
    queue: String,
    definition_arn: String,
    /// The job definition's body.
    definition: Value,
    /// The parameters of `SubmitJob`.
    request: Value,
    /// How many children it has, if it is an array job.
    size: Option<u64>,
    /// Its place among its siblings, if it is one of an array job's children.
    index: Option<u64>,
    pub(super) tags: Tags,
    status: Status,
    reason: Option<String>,
    /// Why somebody wants it to end.
    stop: Option<String>,
    cancelled: bool,
    terminated: bool,
    attempts: Vec<Attempt>,
    created: Timestamp,
    started: Option<Timestamp>,
    stopped: Option<Timestamp>,
}

/// One try.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Attempt {
    task_arn: Option<String>,
    log_stream: Option<String>,
    exit_code: Option<i64>,
    reason: Option<String>,
    status_reason: Option<String>,
    started: Option<Timestamp>,
    stopped: Option<Timestamp>,
}

impl Job {
    fn arn(&self) -> String {
        self.scope.arn("batch", &format!("job/{}", self.id))
    }

    fn key(&self) -> String {
        self.scope.key(&self.id)
    }

    /// The id of the array job that it belongs to.
    fn parent(&self) -> Option<&str> {
        self.index?;
        self.id.split_once(':').map(|(parent, _)| parent)
    }

    /// A setting of the call, else of the definition.
    fn setting(&self, name: &str) -> Option<&Value> {
        let given = self.request.member(name);
        given.or_else(|| self.definition.member(name))
    }

    fn container(&self) -> &Value {
        self.definition
            .member("containerProperties")
            .unwrap_or(&Value::Null)
    }

    fn overrides(&self) -> &Value {
        self.request
            .member("containerOverrides")
            .unwrap_or(&Value::Null)
    }

    fn max_attempts(&self) -> usize {
        let strategy = self.setting("retryStrategy");
        let attempts = strategy.and_then(|strategy| strategy.number("attempts"));
        usize::try_from(attempts.unwrap_or(1)).unwrap_or(1)
    }
}

impl Inner {
    /// Changes a job, and tells everyone when its status changed.
    fn change(&self, key: &str, change: impl FnOnce(&mut Job)) -> Option<Job> {
        let (changed, job) = self.jobs.update(key, |job| {
            let before = job.status;
            change(job);
            (job.status != before, job.clone())
        })?;
        if changed {
            self.announce(&job);
            if let Some(parent) = job.parent() {
                self.count_children(&job.scope, parent);
            }
        }
        self.aws.changes().tell(&job.id);
        Some(job)
    }
}
