//! `TagResource`, `UntagResource`, `GetTags`: tags of jobs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Inner;
use super::error::not_found;
use crate::params::Params;
use crate::{AwsError, Call};

pub(super) type Tags = BTreeMap<String, String>;

/// Tags of a call.
pub(super) fn given(input: &Value, member: &str) -> Tags {
    let tags = input.map(member).into_iter().flatten();
    tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

impl Inner {
    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let given = given(&call.input, "TagsToAdd");
        self.retag(call, |tags| tags.extend(given))?;
        Ok(json!({}))
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let keys = call.input.texts("TagsToRemove");
        self.retag(call, |tags| tags.retain(|key, _| !keys.contains(key)))?;
        Ok(json!({}))
    }

    pub(super) fn get_tags(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.retag(call, |tags| tags.clone())?;
        Ok(json!({ "Tags": tags }))
    }

    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let arn = call.input.text("ResourceArn").unwrap_or_default();
        let name = arn.rsplit_once(":job/").map(|(_, name)| name);
        let key = call.scope.key(name.unwrap_or_default());
        let changed = self.jobs.update(&key, |job| change(&mut job.tags));
        changed.ok_or_else(|| not_found(format!("Resource {arn} not found.")))
    }
}
