//! `DeleteLogGroup`.

use serde_json::{Value, json};

use crate::{AwsError, Call};

use super::Logs;

impl Logs {
    pub(super) fn delete_log_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let key = call.scope.key(&group.name);
        self.groups.remove(&key);
        let within = format!("{key}:");
        for (stream, _) in self.streams.scan(&within) {
            self.streams.remove(&stream);
        }
        for (event, _) in self.events.scan(&within) {
            self.events.remove(&event);
        }
        for (filter, _) in self.filters.scan(&within) {
            self.filters.remove(&filter);
        }
        Ok(json!({}))
    }
}
