//! The life of a job, step by step on the clock.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::attempt::Ended;
use super::{Attempt, Job, Status};
use crate::batch::Inner;
use crate::params::Params;

/// What `RUNNABLE` takes: finding room.
const STEP: Duration = Duration::from_secs(1);

impl Inner {
    /// Takes up the jobs that lived when the store was last in use. An attempt that ran then is
    /// made again.
    pub(in crate::batch) fn resume_jobs(self: &Arc<Self>) {
        for (key, job) in self.jobs.scan("") {
            if !job.status.is_over() {
                self.begin_life(key);
            }
        }
    }

    /// Starts the job that leads a job through its life.
    pub(super) fn begin_life(self: &Arc<Self>, key: String) {
        let inner = Arc::clone(self);
        self.aws.spawn(async move {
            if let Err(reason) = inner.live(&key).await {
                inner.end(&key, Status::Failed, Some(reason));
            }
        });
    }

    /// Lives to the end; the error is why the job failed before an attempt was made.
    async fn live(self: &Arc<Self>, key: &str) -> Result<(), String> {
        self.set(key, Status::Pending);
        self.dependencies(key).await?;
        let Some(job) = self.jobs.get(key) else {
            return Ok(());
        };
        if job.size.is_some() {
            // It stays pending until its children have ended.
            self.begin_children(&job);
            self.count_children(&job.scope, &job.id);
            return Ok(());
        }
        loop {
            self.set(key, Status::Runnable);
            self.room(key).await?;
            self.set(key, Status::Starting);
            let ended = self.attempt(key).await;
            let Some(job) = self.jobs.get(key) else {
                return Ok(());
            };
            let now = self.aws.clock().now();
            self.jobs.update(key, |job| {
                if let Some(attempt) = job.attempts.last_mut() {
                    attempt.exit_code = ended.exit_code;
                    attempt.reason.clone_from(&ended.reason);
                    attempt.status_reason = Some(ended.status_reason.clone());
                    attempt.stopped = Some(now);
                }
            });
            let well = ended.exit_code.unwrap_or(0) == 0 && !ended.failed;
            if well {
                self.end(key, Status::Succeeded, Some(ended.status_reason));
                return Ok(());
            }
            let last = job.attempts.len() >= job.max_attempts();
            if last || job.stop.is_some() || ended.timed_out || !retries(&job, &ended) {
                let reason = job.stop.clone().unwrap_or(ended.status_reason);
                self.end(key, Status::Failed, Some(reason));
                return Ok(());
            }
        }
    }

    fn set(&self, key: &str, status: Status) {
        self.change(key, |job| {
            if !job.status.is_over() {
                job.status = status;
            }
        });
    }

    fn end(&self, key: &str, status: Status, reason: Option<String>) {
        let now = self.aws.clock().now();
        self.change(key, |job| {
            job.status = status;
            job.reason = reason;
            job.stopped = Some(now);
        });
    }

    /// Waits for the jobs that this one depends on.
    async fn dependencies(&self, key: &str) -> Result<(), String> {
        let Some(job) = self.jobs.get(key) else {
            return Ok(());
        };
        for dependency in job.request.items("dependsOn") {
            let id = match (
                dependency.filled("jobId"),
                dependency.text("type"),
                job.index,
            ) {
                // Each child waits for the one of its place.
                (Some(id), Some("N_TO_N"), Some(index)) => format!("{id}:{index}"),
                (Some(_), Some("N_TO_N"), None) | (None, _, None) => continue,
                (Some(id), ..) if job.index.is_none() => id.to_owned(),
                // One after the other.
                (None, Some("SEQUENTIAL"), Some(index @ 1..)) => {
                    format!("{}:{}", job.parent().unwrap_or_default(), index - 1)
                }
                _ => continue,
            };
            self.dependency(key, &job.scope.key(&id), &id).await?;
        }
        Ok(())
    }

    async fn dependency(&self, own: &str, key: &str, id: &str) -> Result<(), String> {
        loop {
            let stop = self
                .jobs
                .with(own, |job| (job.id.clone(), job.stop.clone()));
            let Some((own_id, None)) = stop else {
                return Err(stop.and_then(|(_, stop)| stop).unwrap_or_default());
            };
            let (changed, own_changed) = (
                self.aws.changes().listen(id),
                self.aws.changes().listen(&own_id),
            );
            match self.jobs.with(key, |job| job.status) {
                Some(Status::Succeeded) => return Ok(()),
                Some(Status::Failed) | None => {
                    return Err("Dependent Job failed".to_owned());
                }
                Some(_) => tokio::select! {
                    _ = changed => {}
                    _ = own_changed => {}
                },
            }
        }
    }

    /// Waits until there is room for the job: an environment that takes jobs.
    async fn room(&self, key: &str) -> Result<(), String> {
        let id = self
            .jobs
            .with(key, |job| job.id.clone())
            .unwrap_or_default();
        let changed = self.aws.changes().listen(&id);
        tokio::select! {
            () = self.aws.clock().sleep(STEP) => {}
            _ = changed => {}
        }
        match self.jobs.with(key, |job| job.stop.clone()).flatten() {
            Some(reason) => Err(reason),
            None => Ok(()),
        }
    }

    /// Notes that an attempt runs.
    pub(super) fn running(&self, key: &str) {
        let now = self.aws.clock().now();
        self.change(key, |job| {
            job.status = Status::Running;
            job.started.get_or_insert(now);
            if let Some(attempt) = job.attempts.last_mut() {
                attempt.started = Some(now);
            }
        });
    }

    pub(super) fn new_attempt(&self, key: &str, attempt: Attempt) {
        self.jobs.update(key, |job| job.attempts.push(attempt));
    }
}

/// Whether the retry strategy wants another attempt after one that failed.
fn retries(job: &Job, ended: &Ended) -> bool {
    let strategy = job.setting("retryStrategy");
    let rules = strategy.map_or(&[][..], |strategy| strategy.items("evaluateOnExit"));
    let code = ended.exit_code.map(|code| code.to_string());
    let fits = |rule: &Value, name: &str, text: Option<&str>| {
        rule.filled(name)
            .is_none_or(|pattern| text.is_some_and(|text| like(pattern, text)))
    };
    let rule = rules.iter().find(|rule| {
        fits(rule, "onExitCode", code.as_deref())
            && fits(rule, "onReason", ended.reason.as_deref())
            && fits(rule, "onStatusReason", Some(&ended.status_reason))
    });
    let action = rule.and_then(|rule| rule.text("action"));
    !action.is_some_and(|action| action.eq_ignore_ascii_case("exit"))
}

/// Patterns may end with an asterisk.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => pattern == text,
    }
}
