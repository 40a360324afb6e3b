//! TagResource, UntagResource, ListTagsForResource: tags of topics.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Sns;
use super::state::Topic;
use crate::params::Params;
use crate::{AwsError, Call};

impl Sns {
    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.tagged(call)?;
        let mut tags = topic.tags.clone();
        tags.extend(given(&call.input));
        if tags.len() > 50 {
            let message = "Could not complete request: tag quota of per resource exceeded";
            return Err(AwsError::new("TagLimitExceeded", message));
        }
        self.topics.update(&topic.key(), |topic| topic.tags = tags);
        Ok(json!({}))
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.tagged(call)?;
        let keys = call.input.texts("TagKeys");
        self.topics.update(&topic.key(), |topic| {
            topic.tags.retain(|key, _| !keys.contains(key));
        });
        Ok(json!({}))
    }

    pub(super) fn list_tags_for_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.tagged(call)?.tags;
        let tags = tags
            .iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }));
        Ok(json!({ "Tags": tags.collect::<Vec<_>>() }))
    }

    fn tagged(&self, call: &Call) -> Result<Topic, AwsError> {
        let topic = self.topic(call, "ResourceArn");
        topic.map_err(|_| {
            AwsError::new("ResourceNotFound", "Resource does not exist").with_status(404)
        })
    }
}

/// Tags as a call has them.
pub(super) fn given(input: &Value) -> BTreeMap<String, String> {
    let tags = input.items("Tags").iter();
    tags.filter_map(|tag| {
        let value = tag.text("Value").unwrap_or_default();
        Some((tag.text("Key")?.to_owned(), value.to_owned()))
    })
    .collect()
}
