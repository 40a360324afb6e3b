//! TagResource, UntagResource, ListTagsForResource: tags of alarms and dashboards.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Inner;
use super::state::not_found;
use crate::params::Params;
use crate::{AwsError, Call};

type Tags = BTreeMap<String, String>;

impl Inner {
    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let given = given(&call.input);
        self.retag(call, |tags| tags.extend(given))?;
        Ok(json!({}))
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let keys = call.input.texts("TagKeys");
        self.retag(call, |tags| tags.retain(|key, _| !keys.contains(key)))?;
        Ok(json!({}))
    }

    pub(super) fn list_tags_for_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.retag(call, |tags| tags.clone())?;
        let tags = tags
            .iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }));
        Ok(json!({ "Tags": tags.collect::<Vec<_>>() }))
    }

    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let arn = call.input.text("ResourceARN").unwrap_or_default();
        let alarm = arn.split_once(":alarm:").map(|(_, name)| name);
        let dashboard = arn.split_once(":dashboard/").map(|(_, name)| name);
        let changed = match (alarm, dashboard) {
            (Some(name), _) => {
                let key = call.scope.key(name);
                self.alarms.update(&key, |alarm| change(&mut alarm.tags))
            }
            (None, Some(name)) => {
                let key = super::dashboard::key(call, name);
                self.dashboards.update(&key, |one| change(&mut one.tags))
            }
            (None, None) => None,
        };
        changed.ok_or_else(|| {
            let mut error = not_found(format!("Resource {arn} does not exist"));
            error.code = "ResourceNotFoundException".to_owned();
            error
        })
    }
}

/// Tags as a call has them.
pub(super) fn given(input: &Value) -> Tags {
    let tags = input.items("Tags").iter();
    tags.filter_map(|tag| {
        let value = tag.text("Value").unwrap_or_default();
        Some((tag.text("Key")?.to_owned(), value.to_owned()))
    })
    .collect()
}
