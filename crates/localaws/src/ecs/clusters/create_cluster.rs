//! `CreateCluster`. A cluster that exists already is answered as it is.

use serde_json::{Value, json};

use super::{Cluster, DEFAULT, capacity_providers, update_cluster};
use crate::ecs::error::invalid;
use crate::ecs::names::is_name;
use crate::ecs::{Inner, tag};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn create_cluster(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.filled("clusterName").unwrap_or(DEFAULT);
        if !is_name(name) {
            return Err(invalid(
                "Cluster name must be a string of up to 255 letters, numbers, hyphens, and underscores.",
            ));
        }
        let (providers, strategy) = capacity_providers::given(input)?;
        let insights = json!({ "name": "containerInsights", "value": "disabled" });
        let cluster = Cluster {
            name: name.to_owned(),
            scope: call.scope.clone(),
            capacity_providers: providers,
            default_strategy: strategy,
            settings: update_cluster::settings(input.items("settings"), &[insights]),
            kept: update_cluster::kept(input, &json!({})),
            tags: tag::given(input),
        };
        let key = call.scope.key(name);
        self.clusters.insert(&key, cluster.clone());
        let cluster = self.clusters.get(&key).unwrap_or(cluster);
        Ok(json!({ "cluster": self.whole_cluster(&cluster) }))
    }
}
