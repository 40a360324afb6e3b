//! Jobs of four kinds, which differ in little but their names.

mod kinds;
mod life;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::{in_use, not_found};
use super::shown::repeated;
use crate::on_request::OnRequest;
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};
use kinds::{KINDS, Kind};

/// How long a job takes that is not asked to take longer.
const LASTS: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Job {
    /// As in the names of operations: `TrainingJob`.
    kind: String,
    name: String,
    scope: Scope,
    /// The parameters of the call that made it.
    request: Value,
    /// `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`.
    status: String,
    failure: Option<String>,
    /// What was asked of it.
    fail: Option<String>,
    lasts: Duration,
    created: Timestamp,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    modified: Timestamp,
}

impl Job {
    fn kind(&self) -> &'static Kind {
        let named = KINDS.iter().find(|kind| kind.name == self.kind);
        named.unwrap_or(&KINDS[0])
    }

    fn arn(&self) -> String {
        let place = format!("{}/{}", self.kind().resource, self.name);
        self.scope.arn("sagemaker", &place)
    }

    fn key(&self) -> String {
        key(&self.scope, self.kind(), &self.name)
    }
}

fn key(scope: &Scope, kind: &Kind, name: &str) -> String {
    scope.key(&format!("{}/{name}", kind.name))
}

impl Inner {
    /// Answers the operations on jobs; nothing for others.
    pub(super) fn job_call(self: &Arc<Self>, call: &Call) -> Option<Result<Value, AwsError>> {
        let action = call.action.as_str();
        let kind = |verb: &str, ending: &str| {
            let name = action.strip_prefix(verb)?.strip_suffix(ending)?;
            KINDS.iter().find(|kind| kind.name == name)
        };
        if let Some(kind) = kind("Create", "") {
            return Some(self.create_job(call, kind));
        }
        if let Some(kind) = kind("Describe", "") {
            return Some(self.describe_job(call, kind));
        }
        if let Some(kind) = kind("Stop", "") {
            return Some(self.stop_job(call, kind));
        }
        kind("List", "s").map(|kind| self.list_jobs(call, kind))
    }

    fn create_job(self: &Arc<Self>, call: &Call, kind: &'static Kind) -> Result<Value, AwsError> {
        let name = call.input.text(kind.name_member).unwrap_or_default();
        let definition = call.input.member("TrainingJobDefinition");
        let asked = OnRequest::of([
            call.input.member("Tags"),
            call.input.member("Environment"),
            call.input.member("HyperParameters"),
            definition.and_then(|definition| definition.member("StaticHyperParameters")),
        ]);
        let now = self.aws.clock().now();
        let job = Job {
            kind: kind.name.to_owned(),
            name: name.to_owned(),
            scope: call.scope.clone(),
            request: call.input.clone(),
            status: "InProgress".to_owned(),
            failure: None,
            fail: asked.fail,
            lasts: asked.lasts.unwrap_or(LASTS),
            created: now,
            started: None,
            ended: None,
            modified: now,
        };
        let arn = job.arn();
        if !self.jobs.insert(&job.key(), job.clone()) {
            return Err(in_use(format!(
                "Job name must be unique within an AWS account and region, and a {} with this \
                 name already exists ({arn})",
                kind.words
            )));
        }
        self.begin_life(job.key());
        Ok(json!({ format!("{}Arn", kind.name): arn }))
    }

    fn job(&self, call: &Call, kind: &Kind) -> Result<Job, AwsError> {
        let name = call.input.text(kind.name_member).unwrap_or_default();
        let found = self.jobs.get(&key(&call.scope, kind, name));
        found.ok_or_else(|| match kind.name {
            "TrainingJob" => AwsError::validation("Requested resource not found."),
            _ => {
                let arn = call
                    .scope
                    .arn("sagemaker", &format!("{}/{name}", kind.resource));
                not_found(kind.words, &arn)
            }
        })
    }

    fn describe_job(&self, call: &Call, kind: &'static Kind) -> Result<Value, AwsError> {
        let job = self.job(call, kind)?;
        let action = format!("Describe{}", kind.name);
        let mut shown = Value::Object(repeated(&action, &job.request));
        shown[format!("{}Arn", kind.name)] = json!(job.arn());
        shown[format!("{}Status", kind.name)] = json!(job.status);
        shown["CreationTime"] = json!(job.created);
        if kind.modified {
            shown["LastModifiedTime"] = json!(job.modified);
        }
        for (name, time) in [
            (kind.start_member, job.started),
            (kind.end_member, job.ended),
        ] {
            if let (Some(name), Some(time)) = (name, time) {
                shown[name] = json!(time);
            }
        }
        if let Some(reason) = &job.failure {
            shown["FailureReason"] = json!(reason);
        }
        (kind.more)(&job, &mut shown);
        Ok(shown)
    }

    fn stop_job(&self, call: &Call, kind: &'static Kind) -> Result<Value, AwsError> {
        let job = self.job(call, kind)?;
        if job.ended.is_some() {
            return Err(AwsError::validation(format!(
                "The request was rejected because the {} is in status {}.",
                kind.words, job.status
            )));
        }
        self.change(&job.key(), |job| "Stopping".clone_into(&mut job.status));
        Ok(json!({}))
    }

    fn list_jobs(&self, call: &Call, kind: &'static Kind) -> Result<Value, AwsError> {
        let input = &call.input;
        for member in [
            "SortBy",
            "SortOrder",
            "LastModifiedTimeAfter",
            "LastModifiedTimeBefore",
            "WarmPoolStatusEquals",
            "TrainingPlanArnEquals",
        ] {
            if input.member(member).is_some() {
                let what = format!("{} with {member}", call.action);
                return Err(AwsError::not_implemented("sagemaker", &what));
            }
        }
        let time = |name: &str| {
            input
                .text(name)
                .and_then(|text| text.parse::<Timestamp>().ok())
        };
        let (after, before) = (time("CreationTimeAfter"), time("CreationTimeBefore"));
        let wanted = |job: &Job| {
            input
                .text("NameContains")
                .is_none_or(|part| job.name.contains(part))
                && input
                    .text("StatusEquals")
                    .is_none_or(|status| job.status == status)
                && after.is_none_or(|after| job.created > after)
                && before.is_none_or(|before| job.created < before)
        };
        let mut jobs = self.jobs.scan(&key(&call.scope, kind, ""));
        jobs.retain(|(_, job)| wanted(job));
        // The newest first, as SageMaker sorts by creation.
        let place = |(key, job): &(String, Job)| {
            format!("{:020}{key}", i64::MAX - job.created.as_millisecond())
        };
        jobs.sort_by_key(place);
        let limit = input.number("MaxResults").unwrap_or(10).clamp(1, 100);
        let limit = usize::try_from(limit).unwrap_or(10);
        let shown = page(jobs, place, input.filled("NextToken"), limit);
        let (jobs, next) = shown.ok_or_else(|| AwsError::validation("Invalid NextToken."))?;
        let summary = |(_, job): &(String, Job)| {
            let mut summary = json!({
                kind.name_member: job.name,
                format!("{}Arn", kind.name): job.arn(),
                format!("{}Status", kind.name): job.status,
                "CreationTime": job.created,
                "LastModifiedTime": job.modified,
            });
            if let (Some(name), Some(time)) = (kind.end_member, job.ended) {
                summary[name] = json!(time);
            }
            (kind.more_of_summary)(job, &mut summary);
            summary
        };
        let jobs: Vec<Value> = jobs.iter().map(summary).collect();
        let mut output = json!({ format!("{}Summaries", kind.name): jobs });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }

    fn change(&self, key: &str, change: impl FnOnce(&mut Job)) -> Option<Job> {
        let now = self.aws.clock().now();
        let job = self.jobs.update(key, |job| {
            change(job);
            job.modified = now;
            job.clone()
        })?;
        self.aws.changes().tell(&job.arn());
        Some(job)
    }
}
