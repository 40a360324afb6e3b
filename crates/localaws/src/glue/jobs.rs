//! `CreateJob`, `UpdateJob`, `DeleteJob`, `GetJob`, `GetJobs`, `BatchGetJobs`, `ListJobs`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::{invalid, not_found};
use super::tag::{self, Tags};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) scope: Scope,
    /// Members of the API, with Glue's defaults.
    pub(super) body: Value,
    pub(super) tags: Tags,
    created: Timestamp,
    modified: Timestamp,
}

impl Job {
    fn shown(&self) -> Value {
        let mut shown = self.body.clone();
        shown["Name"] = json!(self.name);
        shown["CreatedOn"] = json!(self.created);
        shown["LastModifiedOn"] = json!(self.modified);
        shown
    }
}

/// Members that a job keeps.
const KEPT: [&str; 24] = [
    "JobMode",
    "JobRunQueuingEnabled",
    "Description",
    "LogUri",
    "Role",
    "ExecutionProperty",
    "Command",
    "DefaultArguments",
    "NonOverridableArguments",
    "Connections",
    "MaxRetries",
    "AllocatedCapacity",
    "Timeout",
    "MaxCapacity",
    "SecurityConfiguration",
    "NotificationProperty",
    "GlueVersion",
    "NumberOfWorkers",
    "WorkerType",
    "CodeGenConfigurationNodes",
    "ExecutionClass",
    "SourceControlDetails",
    "MaintenanceWindow",
    "ProfileName",
];

/// What Glue makes of a job's members.
fn body(input: &Value) -> Result<Value, AwsError> {
    let workers = ["WorkerType", "NumberOfWorkers"];
    let has = |name: &str| input.member(name).is_some();
    if has("MaxCapacity") && workers.iter().any(|name| has(name)) {
        return Err(invalid(
            "Please do not set Max Capacity if using Worker Type and Number of Workers.",
        ));
    }
    let mut body = json!({
        "ExecutionProperty": { "MaxConcurrentRuns": 1 },
        "MaxRetries": 0,
        "Timeout": 2880,
        "GlueVersion": "0.9",
    });
    for member in KEPT {
        if let Some(value) = input.member(member) {
            body[member] = value.clone();
        }
    }
    if body["Command"].member("PythonVersion").is_none() {
        body["Command"]["PythonVersion"] = json!("2");
    }
    let shell = body["Command"].text("Name") == Some("pythonshell");
    let capacity = match (input.number("NumberOfWorkers"), input.member("MaxCapacity")) {
        (Some(workers), _) => json!(workers as f64),
        (None, Some(capacity)) => capacity.clone(),
        (None, None) if shell => json!(0.0625),
        (None, None) => json!(10.0),
    };
    body["AllocatedCapacity"] = json!(capacity.as_f64().unwrap_or_default() as i64);
    body["MaxCapacity"] = capacity;
    Ok(body)
}

impl Inner {
    pub(super) fn job(&self, call: &Call, name: &str) -> Result<Job, AwsError> {
        let found = self.jobs.get(&call.scope.key(name));
        found.ok_or_else(|| not_found(format!("Job {name} not found.")))
    }

    pub(super) fn create_job(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.filled("Name").unwrap_or_default();
        if input
            .map("Command")
            .is_some_and(|command| command.filled("Name").is_none())
        {
            return Err(invalid("Command name should not be null or empty."));
        }
        let now = self.aws.clock().now();
        let job = Job {
            name: name.to_owned(),
            scope: call.scope.clone(),
            body: body(input)?,
            tags: tag::given(input, "Tags"),
            created: now,
            modified: now,
        };
        let key = call.scope.key(name);
        if !self.jobs.insert(&key, job.clone()) {
            let same = self.jobs.with(&key, |other| other.body == job.body);
            if same != Some(true) {
                return Err(AwsError::new(
                    "IdempotentParameterMismatchException",
                    format!("Job with name: {name} already submitted with different configuration"),
                ));
            }
        }
        Ok(json!({ "Name": name }))
    }

    pub(super) fn update_job(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("JobName").unwrap_or_default();
        self.job(call, name)?;
        let update = call.input.member("JobUpdate").cloned().unwrap_or_default();
        let body = body(&update)?;
        let now = self.aws.clock().now();
        self.jobs.update(&call.scope.key(name), |job| {
            job.body = body;
            job.modified = now;
        });
        Ok(json!({ "JobName": name }))
    }

    pub(super) fn delete_job(&self, call: &Call) -> Result<Value, AwsError> {
        // Gone is gone, as on AWS.
        let name = call.input.text("JobName").unwrap_or_default();
        self.jobs.remove(&call.scope.key(name));
        Ok(json!({ "JobName": name }))
    }

    pub(super) fn get_job(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("JobName").unwrap_or_default();
        Ok(json!({ "Job": self.job(call, name)?.shown() }))
    }

    pub(super) fn batch_get_jobs(&self, call: &Call) -> Result<Value, AwsError> {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for name in call.input.texts("JobNames") {
            match self.job(call, &name) {
                Ok(job) => found.push(job.shown()),
                Err(_) => missing.push(name),
            }
        }
        Ok(json!({ "Jobs": found, "JobsNotFound": missing }))
    }

    pub(super) fn get_jobs(&self, call: &Call) -> Result<Value, AwsError> {
        self.page_of_jobs(call, "Jobs", Job::shown)
    }

    pub(super) fn list_jobs(&self, call: &Call) -> Result<Value, AwsError> {
        self.page_of_jobs(call, "JobNames", |job| json!(job.name))
    }

    fn page_of_jobs(
        &self,
        call: &Call,
        member: &str,
        show: impl Fn(&Job) -> Value,
    ) -> Result<Value, AwsError> {
        let tags = tag::given(&call.input, "Tags");
        let mut jobs = self.jobs.scan(&call.scope.prefix());
        jobs.retain(|(_, job)| {
            tags.iter()
                .all(|(key, value)| job.tags.get(key) == Some(value))
        });
        let limit = call
            .input
            .number("MaxResults")
            .unwrap_or(100)
            .clamp(1, 1000);
        let limit = usize::try_from(limit).unwrap_or(100);
        let token = call.input.filled("NextToken");
        let shown = page(jobs, |(key, _)| key.clone(), token, limit);
        let (jobs, next) = shown.ok_or_else(|| invalid("Invalid NextToken."))?;
        let jobs: Vec<Value> = jobs.iter().map(|(_, job)| show(job)).collect();
        let mut output = json!({ member: jobs });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }
}
