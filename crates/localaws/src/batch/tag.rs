//! `TagResource`, `UntagResource`, `ListTagsForResource`, and tags as calls have them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Inner;
use super::error::client;
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

pub(super) type Tags = BTreeMap<String, String>;

/// Tags of a call.
pub(super) fn given(input: &Value) -> Tags {
    let tags = input.map("tags").into_iter().flatten();
    tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
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
        let tags = self.retag(call, |tags| tags.clone())?;
        Ok(json!({ "tags": tags }))
    }

    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let text = call.input.text("resourceArn").unwrap_or_default();
        let arn = Arn::parse(text).filter(|arn| arn.service == "batch");
        let scope = &call.scope;
        let changed = match arn.and_then(|arn| arn.resource.split_once('/')) {
            Some(("compute-environment", name)) => self
                .environments
                .update(&scope.key(name), |row| change(&mut row.tags)),
            Some(("job-queue", name)) => self
                .queues
                .update(&scope.key(name), |row| change(&mut row.tags)),
            Some(("job-definition", _)) => self.definition(scope, text).and_then(|found| {
                self.definitions
                    .update(&found.key(), |row| change(&mut row.tags))
            }),
            Some(("job", id)) => self
                .jobs
                .update(&scope.key(id), |row| change(&mut row.tags)),
            _ => None,
        };
        changed.ok_or_else(|| client("Resource not found."))
    }
}
