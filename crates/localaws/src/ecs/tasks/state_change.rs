//! "ECS Task State Change" events.

use serde_json::{Value, json};

use super::Task;
use crate::ecs::Inner;
use crate::params::Params;

impl Inner {
    /// Sends the event of a change.
    pub(super) fn announce(&self, task: &Task) {
        let now = self.aws.clock().now();
        let mut detail = task.shown();
        detail["updatedAt"] = json!(now);
        if let Some(members) = detail.as_object_mut() {
            members.shift_remove("tags");
        }
        let attachments = detail.get_mut("attachments").and_then(Value::as_array_mut);
        for attachment in attachments.into_iter().flatten() {
            attachment["type"] = json!("eni");
        }
        let entry = json!({
            "Source": "aws.ecs",
            "DetailType": "ECS Task State Change",
            "Resources": [detail.text("taskArn")],
            "Time": now,
            "Detail": detail.to_string(),
        });
        self.announcer.send(&task.scope, entry);
    }
}
