//! The life of a job on the clock.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::Job;
use crate::params::Params;
use crate::sagemaker::Inner;

/// What starting, and stopping, takes.
const STEP: Duration = Duration::from_secs(1);

impl Job {
    /// How long it may run.
    fn limit(&self) -> Option<Duration> {
        let condition = self.request.map("StoppingCondition")?;
        let seconds = condition.number("MaxRuntimeInSeconds")?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }
}

impl Inner {
    /// Takes up the jobs that lived when the store was last in use.
    pub(in crate::sagemaker) fn resume_jobs(self: &Arc<Self>) {
        for (key, job) in self.jobs.scan("") {
            if job.ended.is_none() {
                self.begin_life(key);
            }
        }
    }

    pub(super) fn begin_life(self: &Arc<Self>, key: String) {
        let inner = Arc::clone(self);
        self.aws.spawn(async move { inner.live(&key).await });
    }

    async fn live(&self, key: &str) {
        let Some(job) = self.jobs.get(key) else {
            return;
        };
        let arn = job.arn();
        if job.started.is_none() && !self.sleep_or_stop(key, &arn, STEP).await {
            let now = self.aws.clock().now();
            self.change(key, |job| job.started = Some(now));
        }
        let limit = job.limit().filter(|limit| *limit < job.lasts);
        let lasts = limit.unwrap_or(job.lasts);
        let stopped = self.sleep_or_stop(key, &arn, lasts).await;
        if stopped {
            self.aws.clock().sleep(STEP).await;
        }
        let now = self.aws.clock().now();
        let ended = self.change(key, |job| {
            let status = match (&job.fail, stopped || limit.is_some()) {
                (_, true) => "Stopped",
                (Some(_), _) => "Failed",
                (None, _) => "Completed",
            };
            status.clone_into(&mut job.status);
            if status == "Failed" {
                job.failure.clone_from(&job.fail);
            }
            job.ended = Some(now);
        });
        if let Some(job) = ended {
            self.announce(&job);
        }
    }

    /// Sleeps; true, and at once, where the job is being stopped.
    async fn sleep_or_stop(&self, key: &str, arn: &str, time: Duration) -> bool {
        let slept = self.aws.clock().sleep(time);
        tokio::pin!(slept);
        loop {
            let changed = self.aws.changes().listen(arn);
            let stopping = self.jobs.with(key, |job| job.status == "Stopping");
            if stopping != Some(false) {
                return true;
            }
            tokio::select! {
                () = &mut slept => return false,
                _ = changed => {}
            }
        }
    }

    /// Sends the event of a job's end.
    fn announce(&self, job: &Job) {
        let kind = job.kind();
        let mut detail: Value = json!({
            kind.name_member: job.name,
            format!("{}Arn", kind.name): job.arn(),
            format!("{}Status", kind.name): job.status,
            "CreationTime": job.created.as_millisecond(),
        });
        if let Some(reason) = &job.failure {
            detail["FailureReason"] = json!(reason);
        }
        let entry = json!({
            "Source": "aws.sagemaker",
            "DetailType": kind.event,
            "Resources": [job.arn()],
            "Time": self.aws.clock().now(),
            "Detail": detail.to_string(),
        });
        self.announcer.send(&job.scope, entry);
    }
}
