//! `ListJobs`: of a queue, or the children of an array job.

use serde_json::{Value, json};

use super::{Job, Status};
use crate::batch::Inner;
use crate::batch::error::{client, last};
use crate::batch::list::list;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::batch) fn list_jobs(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        if input.filled("multiNodeJobId").is_some() {
            return Err(AwsError::not_implemented("batch", "multi-node jobs"));
        }
        let filters = input.items("filters");
        if let [_, _, ..] = filters {
            return Err(client("Only one filter is supported."));
        }
        // A filter looks at all statuses; without one, running jobs are listed.
        let status = match (input.filled("jobStatus"), filters) {
            (Some(status), []) => Some(status),
            (None, []) => Some(Status::Running.word()),
            _ => None,
        };
        let filter = filters.first();
        let queue = input.filled("jobQueue").map(last);
        let prefix = match (queue, input.filled("arrayJobId")) {
            (Some(_), None) => String::new(),
            (None, Some(id)) => format!("{}:", last(id)),
            _ => {
                return Err(client(
                    "Exactly one of jobQueue and arrayJobId must be given.",
                ));
            }
        };
        let wanted = |job: &Job| {
            status.is_none_or(|status| job.status.word() == status)
                && queue.is_none_or(|queue| job.queue == queue && job.index.is_none())
                && filter.is_none_or(|filter| passes(filter, job))
        };
        let found = self.jobs.scan(&call.scope.key(&prefix)).into_iter();
        let found = found.filter(|(_, job)| wanted(job));
        let shown = found.map(|(key, job)| (key, self.summary(&job))).collect();
        list(call, "jobSummaryList", shown)
    }

    fn summary(&self, job: &Job) -> Value {
        let whole = self.shown(job);
        let mut summary = json!({});
        for member in [
            "jobArn",
            "jobId",
            "jobName",
            "createdAt",
            "status",
            "statusReason",
            "startedAt",
            "stoppedAt",
            "arrayProperties",
            "jobDefinition",
        ] {
            if let Some(value) = whole.member(member) {
                summary[member] = value.clone();
            }
        }
        for member in ["exitCode", "reason"] {
            if let Some(value) = whole.map("container").and_then(|map| map.member(member)) {
                summary["container"][member] = value.clone();
            }
        }
        summary
    }
}

fn passes(filter: &Value, job: &Job) -> bool {
    let values = filter.texts("values");
    let like = |pattern: &String, text: &str| match pattern.strip_suffix('*') {
        Some(prefix) => text.to_lowercase().starts_with(&prefix.to_lowercase()),
        None => text.eq_ignore_ascii_case(pattern),
    };
    let time = |text: &String| text.parse::<i64>().unwrap_or_default();
    let created = job.created.as_millisecond();
    match filter.text("name") {
        Some("JOB_NAME") => values.iter().any(|value| like(value, &job.name)),
        Some("JOB_DEFINITION") => values
            .iter()
            .any(|value| like(value, job.definition_name()) || like(value, &job.definition_arn)),
        Some("BEFORE_CREATED_AT") => values.iter().any(|value| created < time(value)),
        Some("AFTER_CREATED_AT") => values.iter().any(|value| created > time(value)),
        _ => false,
    }
}
