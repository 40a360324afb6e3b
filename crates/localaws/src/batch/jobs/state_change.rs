//! "Batch Job State Change" events.

use serde_json::json;

use super::Job;
use crate::batch::Inner;

impl Inner {
    pub(super) fn announce(&self, job: &Job) {
        let entry = json!({
            "Source": "aws.batch",
            "DetailType": "Batch Job State Change",
            "Resources": [job.arn()],
            "Time": self.aws.clock().now(),
            "Detail": self.shown(job).to_string(),
        });
        self.announcer.send(&job.scope, entry);
    }
}
