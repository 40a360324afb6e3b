//! Clusters: names under which tasks run.

mod capacity_providers;
mod create_cluster;
mod delete_cluster;
mod describe_clusters;
mod list_clusters;
mod update_cluster;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::no_cluster;
use super::names::last;
use super::tag::{self, Tags};
use super::tasks::Status;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

pub(super) use capacity_providers::check_strategy;

/// The cluster that calls mean when they name none.
pub(super) const DEFAULT: &str = "default";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) capacity_providers: Vec<String>,
    /// As the API has it.
    pub(super) default_strategy: Vec<Value>,
    pub(super) settings: Vec<Value>,
    /// Configuration and Service Connect's default, kept as they were given.
    pub(super) kept: Value,
    pub(super) tags: Tags,
}

impl Cluster {
    pub(super) fn arn(&self) -> String {
        self.scope.arn("ecs", &format!("cluster/{}", self.name))
    }
}

impl Inner {
    /// The cluster that a call names by name or ARN, or the default one.
    pub(super) fn cluster(&self, call: &Call) -> Result<Cluster, AwsError> {
        let name = last(call.input.filled("cluster").unwrap_or(DEFAULT));
        let found = self.clusters.get(&call.scope.key(name));
        found.ok_or_else(no_cluster)
    }

    /// A cluster as the API shows it, without what has to be asked for.
    fn shown_cluster(&self, cluster: &Cluster) -> Value {
        let prefix = cluster.scope.key(&format!("{}/", cluster.name));
        let (mut running, mut pending) = (0, 0);
        self.tasks.walk(&prefix, "", |_, task| {
            match task.last_status {
                Status::Running | Status::Stopping => running += 1,
                Status::Provisioning | Status::Pending | Status::Activating => pending += 1,
                Status::Deprovisioning | Status::Stopped => {}
            }
            true
        });
        let mut shown = json!({
            "clusterArn": cluster.arn(),
            "clusterName": cluster.name,
            "status": "ACTIVE",
            "registeredContainerInstancesCount": 0,
            "runningTasksCount": running,
            "pendingTasksCount": pending,
            "activeServicesCount": 0,
            "statistics": [],
            "tags": [],
            "settings": [],
            "capacityProviders": cluster.capacity_providers,
            "defaultCapacityProviderStrategy": cluster.default_strategy,
        });
        if let Some(defaults) = cluster.kept.member("serviceConnectDefaults") {
            shown["serviceConnectDefaults"] = defaults.clone();
        }
        shown
    }

    /// A cluster with everything.
    fn whole_cluster(&self, cluster: &Cluster) -> Value {
        let mut shown = self.shown_cluster(cluster);
        shown["settings"] = json!(cluster.settings);
        shown["tags"] = tag::shown(&cluster.tags);
        if let Some(configuration) = cluster.kept.member("configuration") {
            shown["configuration"] = configuration.clone();
        }
        shown
    }
}
