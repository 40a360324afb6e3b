//! Tags of log groups, by ARN (`TagResource`, …) and by name (`TagLogGroup`, …).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{group_of_identifier, invalid};

/// A map of tags as a parameter.
pub(super) fn tag_map(input: &Value, name: &str) -> BTreeMap<String, String> {
    let tags = input.map(name).into_iter().flatten();
    tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

impl Logs {
    /// Key of the group that an ARN names.
    pub(super) fn tagged_group(&self, call: &Call, arn: &str) -> Result<String, AwsError> {
        if !arn.contains(":log-group:") {
            return Err(invalid(format!("Invalid resource ARN: {arn}")));
        }
        let key = call.scope.key(group_of_identifier(arn));
        if self.groups.contains(&key) {
            return Ok(key);
        }
        Err(AwsError::new(
            "ResourceNotFoundException",
            "The specified resource does not exist.",
        ))
    }

    fn set_tags(&self, key: &str, tags: BTreeMap<String, String>) -> Result<Value, AwsError> {
        self.groups.update(key, |group| group.tags.extend(tags));
        Ok(json!({}))
    }

    fn drop_tags(&self, key: &str, names: &[String]) -> Result<Value, AwsError> {
        self.groups.update(key, |group| {
            group.tags.retain(|name, _| !names.contains(name))
        });
        Ok(json!({}))
    }

    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("resourceArn").unwrap_or_default();
        self.set_tags(&self.tagged_group(call, arn)?, tag_map(&call.input, "tags"))
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("resourceArn").unwrap_or_default();
        self.drop_tags(&self.tagged_group(call, arn)?, &call.input.texts("tagKeys"))
    }

    pub(super) fn list_tags_for_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("resourceArn").unwrap_or_default();
        let key = self.tagged_group(call, arn)?;
        let tags = self.groups.with(&key, |group| group.tags.clone());
        Ok(json!({ "tags": tags.unwrap_or_default() }))
    }

    pub(super) fn tag_log_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        self.set_tags(&call.scope.key(&group.name), tag_map(&call.input, "tags"))
    }

    pub(super) fn untag_log_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        self.drop_tags(&call.scope.key(&group.name), &call.input.texts("tags"))
    }

    pub(super) fn list_tags_log_group(&self, call: &Call) -> Result<Value, AwsError> {
        Ok(json!({ "tags": self.named_group(call)?.tags }))
    }
}
