//! `CreateLogStream`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{Stream, invalid, stream_key};

impl Logs {
    pub(super) fn create_log_stream(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let name = call.input.text("logStreamName").unwrap_or_default();
        if name.is_empty() || name.len() > 512 || name.contains([':', '*']) {
            return Err(invalid(format!(
                "1 validation error detected: Value '{name}' at 'logStreamName' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [^:*]*"
            )));
        }
        let stream = Stream {
            name: name.to_owned(),
            created: self.now(),
            first_event: None,
            last_event: None,
            last_ingestion: None,
            puts: 0,
        };
        let key = stream_key(&call.scope, &group.name, name);
        if !self.streams.insert(&key, stream) {
            return Err(AwsError::new(
                "ResourceAlreadyExistsException",
                "The specified log stream already exists",
            ));
        }
        Ok(json!({}))
    }
}
