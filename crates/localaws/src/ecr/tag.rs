//! `TagResource`, `UntagResource`, `ListTagsForResource`: tags of repositories.

use serde_json::{Value, json};

use super::Ecr;
use super::error::{invalid, no_repository};
use crate::arn::Arn;
use crate::params::Params;
use crate::tags::Tags;
use crate::{AwsError, Call};

/// Tags of a call, in ECR's mixed writing: `tags` of `Key` and `Value`.
pub(super) fn given(input: &Value) -> Tags {
    let tags = input.items("tags").iter();
    tags.filter_map(|tag| {
        let value = tag.text("Value").unwrap_or_default();
        Some((tag.text("Key")?.to_owned(), value.to_owned()))
    })
    .collect()
}

impl Ecr {
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
        let tags = tags
            .iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }));
        Ok(json!({ "tags": tags.collect::<Vec<_>>() }))
    }

    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let text = call.input.text("resourceArn").unwrap_or_default();
        let arn = Arn::parse(text).filter(|arn| arn.service == "ecr");
        let name = arn.and_then(|arn| arn.resource.strip_prefix("repository/"));
        let name = name.ok_or_else(|| {
            invalid(format!(
                "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN': \
                 {text}"
            ))
        })?;
        let key = call.scope.key(name);
        let changed = self.repositories.update(&key, |one| change(&mut one.tags));
        changed.ok_or_else(|| no_repository(name, &call.scope))
    }
}
