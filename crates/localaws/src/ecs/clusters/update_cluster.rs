//! `UpdateCluster` and `UpdateClusterSettings`.

use serde_json::{Value, json};

use crate::ecs::Inner;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn update_cluster(&self, call: &Call) -> Result<Value, AwsError> {
        let mut cluster = self.cluster(call)?;
        cluster.settings = settings(call.input.items("settings"), &cluster.settings);
        cluster.kept = kept(&call.input, &cluster.kept);
        let key = call.scope.key(&cluster.name);
        self.clusters.put(&key, cluster.clone());
        Ok(json!({ "cluster": self.whole_cluster(&cluster) }))
    }
}

/// Settings with those that are given in the place of those of their names.
pub(super) fn settings(given: &[Value], before: &[Value]) -> Vec<Value> {
    let mut settings = before.to_vec();
    for setting in given {
        settings.retain(|other| other.text("name") != setting.text("name"));
        settings.push(setting.clone());
    }
    settings
}

/// What is kept as it was given.
pub(super) fn kept(input: &Value, before: &Value) -> Value {
    let mut kept = before.clone();
    for member in ["configuration", "serviceConnectDefaults"] {
        if let Some(value) = input.member(member) {
            kept[member] = value.clone();
        }
    }
    kept
}
