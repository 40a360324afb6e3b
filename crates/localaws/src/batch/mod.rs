//! The batch service: compute environments, job queues, job definitions, and jobs that run as
//! tasks of ECS, as they do on AWS.
//!
//! A container job with a command really runs (see the ecs service). One without, whose image
//! would decide, and one that is asked to fail or to last (`on_request`) only goes
//! through its life on the clock. Queues take jobs in the order of their submission and have room
//! for all of them: priorities, shares and vCPU limits are recorded. Multi-node, EKS and service
//! jobs are not built.

mod compute_environments;
mod error;
mod job_definitions;
mod job_queues;
mod jobs;
mod list;
mod tag;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::announce::Announcer;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use compute_environments::ComputeEnvironment;
use job_definitions::JobDefinition;
use job_queues::JobQueue;
use jobs::Job;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    let store = aws.store();
    Arc::new(Batch(Arc::new(Inner {
        aws: aws.clone(),
        environments: store.table("batch.compute-environments"),
        queues: store.table("batch.job-queues"),
        definitions: store.table("batch.job-definitions"),
        jobs: store.table("batch.jobs"),
        announcer: Announcer::start(aws, "service:batch"),
    })))
}

struct Batch(Arc<Inner>);

struct Inner {
    aws: Aws,
    environments: Table<ComputeEnvironment>,
    queues: Table<JobQueue>,
    definitions: Table<JobDefinition>,
    jobs: Table<Job>,
    announcer: Announcer,
}

#[async_trait]
impl Service for Batch {
    fn name(&self) -> &'static str {
        "batch"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match call.action.as_str() {
            "CreateComputeEnvironment" => inner.create_compute_environment(&call).await,
            "UpdateComputeEnvironment" => inner.update_compute_environment(&call),
            "DeleteComputeEnvironment" => inner.delete_compute_environment(&call).await,
            "DescribeComputeEnvironments" => inner.describe_compute_environments(&call),
            "CreateJobQueue" => inner.create_job_queue(&call),
            "UpdateJobQueue" => inner.update_job_queue(&call),
            "DeleteJobQueue" => inner.delete_job_queue(&call),
            "DescribeJobQueues" => inner.describe_job_queues(&call),
            "RegisterJobDefinition" => inner.register_job_definition(&call),
            "DeregisterJobDefinition" => inner.deregister_job_definition(&call),
            "DescribeJobDefinitions" => inner.describe_job_definitions(&call),
            "SubmitJob" => inner.submit_job(&call),
            "DescribeJobs" => inner.describe_jobs(&call),
            "ListJobs" => inner.list_jobs(&call),
            "CancelJob" => inner.stop_job(&call, false),
            "TerminateJob" => inner.stop_job(&call, true),
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "ListTagsForResource" => inner.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("batch", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        self.0.resume_jobs();
    }
}
