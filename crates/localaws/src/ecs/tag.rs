//! `TagResource`, `UntagResource`, `ListTagsForResource`, and tags as calls have them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Inner;
use super::error::invalid;
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

pub(super) type Tags = BTreeMap<String, String>;

/// Tags of a call.
pub(super) fn given(input: &Value) -> Tags {
    let tags = input.items("tags").iter();
    tags.filter_map(|tag| {
        let value = tag.text("value").unwrap_or_default();
        Some((tag.text("key")?.to_owned(), value.to_owned()))
    })
    .collect()
}

/// Tags of an answer.
pub(super) fn shown(tags: &Tags) -> Value {
    let tags = tags.iter();
    tags.map(|(key, value)| json!({ "key": key, "value": value }))
        .collect()
}

impl Inner {
    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let given = given(&call.input);
        self.retag(call, |tags| tags.extend(given))?;
        Ok(json!({}))
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let keys = call.input.texts("tagKeys");
        self.retag(call, |tags| tags.retain(|key, _| !keys.contains(key)))?;
        Ok(json!({}))
    }

    pub(super) fn list_tags_for_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.retag(call, |tags| shown(tags))?;
        Ok(json!({ "tags": tags }))
    }

    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let text = call.input.text("resourceArn").unwrap_or_default();
        let arn = Arn::parse(text).filter(|arn| arn.service == "ecs");
        let parts = arn.and_then(|arn| arn.resource.split_once('/'));
        let changed = match parts {
            Some(("cluster", name)) => {
                let key = call.scope.key(name);
                self.clusters
                    .update(&key, |cluster| change(&mut cluster.tags))
            }
            Some(("task-definition", _)) => self.definition(&call.scope, text).and_then(|found| {
                self.definitions
                    .update(&found.key(), |definition| change(&mut definition.tags))
            }),
            Some(("task", rest)) => self
                .tasks
                .update(&call.scope.key(rest), |task| change(&mut task.tags)),
            _ => None,
        };
        changed.ok_or_else(|| invalid("The specified resource was not found."))
    }
}
