//! `ListClusters`.

use serde_json::Value;

use crate::ecs::{Inner, list};
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn list_clusters(&self, call: &Call) -> Result<Value, AwsError> {
        let clusters = self.clusters.scan(&call.scope.prefix());
        let arns = clusters.iter().map(|(_, cluster)| cluster.arn()).collect();
        list::list(call, "clusterArns", arns)
    }
}
