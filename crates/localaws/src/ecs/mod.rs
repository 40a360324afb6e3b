//! The ecs service: clusters, task definitions, and tasks that really run.
//!
//! Containers run by Docker or Podman where there is one, else as processes of this machine, in a
//! folder of their own and with the task's environment (`engine`); then image, sizes, ports, mounts
//! and users are recorded as they are declared. Every cluster counts this machine as its capacity,
//! for Fargate and for EC2. Services, deployments and container instances are not built.

mod clusters;
mod engine;
mod error;
mod list;
mod names;
mod tag;
mod task_definitions;
mod tasks;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::announce::Announcer;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use clusters::Cluster;
use engine::Engine;
pub use engine::{Choice, Containers};
use task_definitions::TaskDefinition;
use tasks::{Live, Task};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    let store = aws.store();
    Arc::new(Ecs(Arc::new(Inner {
        aws: aws.clone(),
        clusters: store.table("ecs.clusters"),
        definitions: store.table("ecs.task-definitions"),
        revisions: store.table("ecs.revisions"),
        tasks: store.table("ecs.tasks"),
        live: Live::default(),
        announcer: Announcer::start(aws, "service:ecs"),
        engine: aws.containers().engine(),
    })))
}

struct Ecs(Arc<Inner>);

struct Inner {
    aws: Aws,
    clusters: Table<Cluster>,
    definitions: Table<TaskDefinition>,
    /// The last revision of each family, which is never given again.
    revisions: Table<u64>,
    tasks: Table<Task>,
    live: Live,
    announcer: Announcer,
    engine: Arc<dyn Engine>,
}

#[async_trait]
impl Service for Ecs {
    fn name(&self) -> &'static str {
        "ecs"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match call.action.as_str() {
            "CreateCluster" => inner.create_cluster(&call),
            "UpdateCluster" | "UpdateClusterSettings" => inner.update_cluster(&call),
            "PutClusterCapacityProviders" => inner.put_cluster_capacity_providers(&call),
            "DescribeClusters" => inner.describe_clusters(&call),
            "ListClusters" => inner.list_clusters(&call),
            "DeleteCluster" => inner.delete_cluster(&call),
            "DescribeCapacityProviders" => inner.describe_capacity_providers(&call),
            "RegisterTaskDefinition" => inner.register_task_definition(&call),
            "DescribeTaskDefinition" => inner.describe_task_definition(&call),
            "ListTaskDefinitions" => inner.list_task_definitions(&call),
            "ListTaskDefinitionFamilies" => inner.list_task_definition_families(&call),
            "DeregisterTaskDefinition" => inner.deregister_task_definition(&call),
            "DeleteTaskDefinitions" => inner.delete_task_definitions(&call),
            "RunTask" => inner.run_task(&call),
            "StopTask" => inner.stop_task(&call),
            "DescribeTasks" => inner.describe_tasks(&call),
            "ListTasks" => inner.list_tasks(&call),
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "ListTagsForResource" => inner.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("ecs", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        self.0.resume_tasks();
    }
}
