//! `DeleteCluster`.

use serde_json::{Value, json};

use crate::ecs::Inner;
use crate::ecs::tasks::Status;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn delete_cluster(&self, call: &Call) -> Result<Value, AwsError> {
        let cluster = self.cluster(call)?;
        let prefix = call.scope.key(&format!("{}/", cluster.name));
        let mut active = false;
        self.tasks.walk(&prefix, "", |_, task| {
            active = task.last_status != Status::Stopped;
            !active
        });
        if active {
            return Err(AwsError::new(
                "ClusterContainsTasksException",
                "The Cluster cannot be deleted while Tasks are active.",
            ));
        }
        let mut shown = self.whole_cluster(&cluster);
        shown["status"] = json!("INACTIVE");
        self.clusters.remove(&call.scope.key(&cluster.name));
        for (key, _) in self.tasks.scan(&prefix) {
            self.tasks.remove(&key);
        }
        Ok(json!({ "cluster": shown }))
    }
}
