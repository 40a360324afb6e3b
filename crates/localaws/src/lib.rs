//! AWS on this machine: one loopback endpoint, a folder a service.
//!
//! Services know each other only through [`Aws::call`], by the names of AWS's API, so each can be
//! read, tested and replaced alone. Nothing here is meant to hold production data or to be reached
//! from another machine.

mod announce;
mod arn;
mod aws;
mod changes;
mod clock;
pub mod endpoint;
pub mod faults;
mod http_client;
mod ids;
mod job;
mod on_request;
mod outside;
mod page;
mod params;
mod pattern;
mod process;
mod queue_source;
mod scope;
mod service;
mod store;
mod tags;
mod target;
mod template;
#[cfg(test)]
mod testing;

pub mod batch;
pub mod cloudcontrol;
pub mod cloudformation;
pub mod cloudwatch;
pub mod dynamodb;
pub mod ecr;
pub mod ecs;
pub mod events;
pub mod glue;
pub mod iam;
pub mod kms;
pub mod lambda;
pub mod logs;
pub mod pipes;
pub mod resources;
pub mod s3;
pub mod sagemaker;
pub mod scheduler;
pub mod sns;
pub mod sqs;
pub mod ssm;
pub mod states;
pub mod sts;

pub use aws::{Aws, Config};
pub use awsapi::AwsError;
pub use clock::{Busy, Clock};
pub use ids::Ids;
pub use job::Job;
pub use scope::Scope;
pub use service::{Call, Reply, Service};
pub use store::{Blobs, Mark, Store, Table};

use std::sync::Arc;

/// All embedded services.
fn services(aws: &Aws) -> Vec<Arc<dyn Service>> {
    vec![
        batch::service(aws),
        cloudcontrol::service(aws),
        cloudformation::service(aws),
        cloudwatch::service(aws),
        dynamodb::service(aws),
        dynamodb::streams_service(aws),
        ecr::service(aws),
        ecs::service(aws),
        events::service(aws),
        glue::service(aws),
        iam::service(aws),
        kms::service(aws),
        lambda::service(aws),
        logs::service(aws),
        pipes::service(aws),
        s3::service(aws),
        sagemaker::service(aws),
        scheduler::service(aws),
        sns::service(aws),
        sqs::service(aws),
        ssm::service(aws),
        states::service(aws),
        sts::service(aws),
    ]
}
