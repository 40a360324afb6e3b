//! The pipes service (EventBridge Pipes): from a queue, through a filter, to a target.
//!
//! Sources are queues of SQS. Enrichment, streams, brokers and log configurations are refused.
//! Roles are kept and shown; nobody is refused by them.

mod check;
mod manage;
mod poller;
mod state;
mod tag;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service, Table};
use poller::Pollers;
use state::Pipe;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Pipes {
        aws: aws.clone(),
        pipes: aws.store().table("pipes.pipes"),
        pollers: Pollers::default(),
    })
}

struct Pipes {
    aws: Aws,
    pipes: Table<Pipe>,
    pollers: Pollers,
}

#[async_trait]
impl Service for Pipes {
    fn name(&self) -> &'static str {
        "pipes"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let output = match call.action.as_str() {
            "CreatePipe" => self.create_pipe(&call).await,
            "UpdatePipe" => self.update_pipe(&call).await,
            "DescribePipe" => self.describe_pipe(&call),
            "DeletePipe" => self.delete_pipe(&call),
            "StartPipe" => self.set_state(&call, "RUNNING"),
            "StopPipe" => self.set_state(&call, "STOPPED"),
            "ListPipes" => self.list_pipes(&call),
            "TagResource" => self.tag_resource(&call),
            "UntagResource" => self.untag_resource(&call),
            "ListTagsForResource" => self.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("pipes", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        for (_, pipe) in self.pipes.scan("") {
            self.poll(pipe);
        }
    }
}
