//! The sagemaker service: training, transform, processing and tuning jobs, models and endpoints.
//! Nothing is trained: jobs go through their lives on the clock, and fail or take long on request
//! (`on_request`, read from tags, environment variables and hyperparameters).
//!
//! Labeling jobs and everything else of the API are not built.

mod endpoints;
mod error;
mod jobs;
mod shown;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::announce::Announcer;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use endpoints::Thing;
use jobs::Job;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(SageMaker(Arc::new(Inner {
        aws: aws.clone(),
        jobs: aws.store().table("sagemaker.jobs"),
        things: aws.store().table("sagemaker.things"),
        announcer: Announcer::start(aws, "service:sagemaker"),
    })))
}

struct SageMaker(Arc<Inner>);

struct Inner {
    aws: Aws,
    jobs: Table<Job>,
    /// Models, endpoint configurations and endpoints.
    things: Table<Thing>,
    announcer: Announcer,
}

#[async_trait]
impl Service for SageMaker {
    fn name(&self) -> &'static str {
        "sagemaker"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match inner.job_call(&call) {
            Some(output) => output,
            None => match inner.thing_call(&call) {
                Some(output) => output,
                None => Err(AwsError::not_implemented("sagemaker", &call.action)),
            },
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        self.0.resume_jobs();
        self.0.resume_endpoints();
    }
}
