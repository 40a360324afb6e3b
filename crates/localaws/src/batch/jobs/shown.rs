//! A job as `DescribeJobs` shows it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Attempt, Job};
use crate::batch::Inner;
use crate::params::Params;

impl Inner {
    pub(super) fn shown(&self, job: &Job) -> Value {
        let mut shown = json!({
            "jobArn": job.arn(),
            "jobName": job.name,
            "jobId": job.id,
            "jobQueue": job.scope.arn("batch", &format!("job-queue/{}", job.queue)),
            "status": job.status.word(),
            "attempts": job.attempts.iter().filter(|one| one.stopped.is_some())
                .map(attempt).collect::<Vec<_>>(),
            "createdAt": job.created.as_millisecond(),
            "dependsOn": job.request.items("dependsOn"),
            "jobDefinition": job.definition_arn,
            "parameters": job.request.member("parameters").or(job.definition.member("parameters")),
            "container": job.container_detail(),
            "tags": job.tags,
            "propagateTags": job.request.flag("propagateTags"),
            "platformCapabilities": job.definition.items("platformCapabilities"),
            "eksAttempts": [],
            "isCancelled": job.cancelled,
            "isTerminated": job.terminated,
        });
        let times = [("startedAt", job.started), ("stoppedAt", job.stopped)];
        for (name, time) in times {
            if let Some(time) = time {
                shown[name] = json!(time.as_millisecond());
            }
        }
        if let Some(reason) = &job.reason {
            shown["statusReason"] = json!(reason);
        }
        if let Some(timeout) = job.setting("timeout") {
            shown["timeout"] = timeout.clone();
        }
        if let Some(strategy) = job.setting("retryStrategy") {
            let (attempts, rules) = (job.max_attempts(), strategy.items("evaluateOnExit"));
            shown["retryStrategy"] = json!({ "attempts": attempts, "evaluateOnExit": rules });
        }
        if let Some(size) = job.size {
            let counts = self.counts(&job.scope, &job.id);
            shown["arrayProperties"] = json!({ "size": size, "statusSummary": counts });
        }
        if let Some(index) = job.index {
            shown["arrayProperties"] = json!({ "index": index, "statusSummary": {} });
        }
        shown
    }
}

fn attempt(attempt: &Attempt) -> Value {
    let mut container = json!({ "networkInterfaces": [] });
    with_outcome(&mut container, attempt);
    let mut shown = json!({ "container": container, "taskProperties": [] });
    for (name, time) in [
        ("startedAt", attempt.started),
        ("stoppedAt", attempt.stopped),
    ] {
        if let Some(time) = time.map(Timestamp::as_millisecond) {
            shown[name] = json!(time);
        }
    }
    if let Some(reason) = &attempt.status_reason {
        shown["statusReason"] = json!(reason);
    }
    shown
}

fn with_outcome(container: &mut Value, attempt: &Attempt) {
    for (name, text) in [
        ("taskArn", &attempt.task_arn),
        ("logStreamName", &attempt.log_stream),
        ("reason", &attempt.reason),
    ] {
        if let Some(text) = text {
            container[name] = json!(text);
        }
    }
    if let Some(code) = attempt.exit_code {
        container["exitCode"] = json!(code);
    }
}

impl Job {
    fn container_detail(&self) -> Value {
        let declared = self.container();
        let mut detail = json!({
            "command": self.command(),
            "environment": self.environment(),
            "networkInterfaces": [],
        });
        for list in [
            "volumes",
            "mountPoints",
            "ulimits",
            "resourceRequirements",
            "secrets",
        ] {
            detail[list] = json!(declared.items(list));
        }
        for member in [
            "image",
            "jobRoleArn",
            "executionRoleArn",
            "readonlyRootFilesystem",
            "privileged",
            "user",
            "instanceType",
            "linuxParameters",
            "logConfiguration",
            "networkConfiguration",
            "fargatePlatformConfiguration",
            "ephemeralStorage",
            "runtimePlatform",
        ] {
            if let Some(value) = declared.member(member) {
                detail[member] = value.clone();
            }
        }
        if !self.overrides().items("resourceRequirements").is_empty() {
            detail["resourceRequirements"] = json!(self.overrides().items("resourceRequirements"));
        }
        for (name, old) in [("vcpus", "VCPU"), ("memory", "MEMORY")] {
            if declared.number(name).is_some() {
                detail[name] = json!(self.requirement(old, name));
            }
        }
        if let Some(last) = self.attempts.last() {
            with_outcome(&mut detail, last);
        }
        detail
    }
}
