//! `DeleteLogStream`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{no_stream, stream_key};

impl Logs {
    pub(super) fn delete_log_stream(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let name = call.input.text("logStreamName").unwrap_or_default();
        let key = stream_key(&call.scope, &group.name, name);
        self.streams.remove(&key).ok_or_else(no_stream)?;
        for (event, _) in self.events.scan(&format!("{key}:")) {
            self.events.remove(&event);
        }
        Ok(json!({}))
    }
}
