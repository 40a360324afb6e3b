//! TagQueue, UntagQueue, ListQueueTags.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Sqs, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl Sqs {
    pub(super) fn tag_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let given = given(call.input.map("Tags"))?;
        let mut tags = queue.tags.clone();
        tags.extend(given);
        if tags.len() > 50 {
            return Err(error::invalid_value("Too many tags added for queue."));
        }
        self.queues.update(&queue.key(), |queue| queue.tags = tags);
        Ok(json!({}))
    }

    pub(super) fn untag_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let keys = call.input.texts("TagKeys");
        self.queues.update(&queue.key(), |queue| {
            queue.tags.retain(|key, _| !keys.contains(key));
        });
        Ok(json!({}))
    }

    pub(super) fn list_queue_tags(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.queue(call)?.tags;
        if tags.is_empty() {
            return Ok(json!({}));
        }
        Ok(json!({ "Tags": tags }))
    }
}

/// Tags as a call has them.
pub(super) fn given(
    tags: Option<&Map<String, Value>>,
) -> Result<BTreeMap<String, String>, AwsError> {
    let tags = tags.into_iter().flatten();
    tags.map(|(key, value)| {
        if key.is_empty() || key.chars().count() > 128 || key.starts_with("aws:") {
            return Err(error::invalid_value("Tag keys must be between 1 and 128 characters in length and must not start with aws:."));
        }
        Ok((key.clone(), value.as_str().unwrap_or_default().to_owned()))
    })
    .collect()
}
