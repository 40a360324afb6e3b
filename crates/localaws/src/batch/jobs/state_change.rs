//! "Batch Job State Change" events.

use serde_json::json;

use super::Job;
use crate::batch::Inner;

impl Inner {
    pub(super) fn announce(&self, job: &Job) {
        let (aws, scope) = (self.aws.clone(), job.scope.clone());
        let entry = json!({
            "Source": "aws.batch",
            "DetailType": "Batch Job State Change",
            "Resources": [job.arn()],
            "Time": self.aws.clock().now(),
            "Detail": self.shown(job).to_string(),
        });
        let entries = json!({ "Entries": [entry] });
        self.aws.spawn(async move {
            let sent = aws
                .call_as("service:batch", &scope, "events", "PutEvents", entries)
                .await;
            if let Err(error) = sent {
                tracing::warn!(%error, "a job's change of state was not announced");
            }
        });
    }
}
