//! The glue service: jobs and their runs. Scripts are not run: a run goes through its life on the
//! clock, and fails or takes long on request (`on_request`, read from the run's arguments,
//! the job's default arguments and its tags). The data catalogue, crawlers, triggers and workflows
//! are not built.

mod error;
mod job_runs;
mod jobs;
mod tag;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::announce::Announcer;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use job_runs::JobRun;
use jobs::Job;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Glue(Arc::new(Inner {
        aws: aws.clone(),
        jobs: aws.store().table("glue.jobs"),
        runs: aws.store().table("glue.job-runs"),
        announcer: Announcer::start(aws, "service:glue"),
    })))
}

struct Glue(Arc<Inner>);

struct Inner {
    aws: Aws,
    jobs: Table<Job>,
    runs: Table<JobRun>,
    announcer: Announcer,
}

#[async_trait]
impl Service for Glue {
    fn name(&self) -> &'static str {
        "glue"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match call.action.as_str() {
            "CreateJob" => inner.create_job(&call),
            "UpdateJob" => inner.update_job(&call),
            "DeleteJob" => inner.delete_job(&call),
            "GetJob" => inner.get_job(&call),
            "GetJobs" => inner.get_jobs(&call),
            "BatchGetJobs" => inner.batch_get_jobs(&call),
            "ListJobs" => inner.list_jobs(&call),
            "StartJobRun" => inner.start_job_run(&call),
            "GetJobRun" => inner.get_job_run(&call),
            "GetJobRuns" => inner.get_job_runs(&call),
            "BatchStopJobRun" => inner.batch_stop_job_run(&call),
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "GetTags" => inner.get_tags(&call),
            _ => Err(AwsError::not_implemented("glue", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        self.0.resume_runs();
    }
}
