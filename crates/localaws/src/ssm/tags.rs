//! Tags of parameters.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;

/// The member `Tags`.
pub(super) fn tags_of(input: &Value) -> BTreeMap<String, String> {
    let tags = input.items("Tags").iter();
    tags.filter_map(|tag| Some((tag.text("Key")?.to_owned(), tag.text("Value")?.to_owned())))
        .collect()
}

impl Ssm {
    pub(super) fn add_tags(&self, call: &Call) -> Result<Value, AwsError> {
        self.tagged(call, |tags| {
            tags.extend(tags_of(&call.input));
            json!({})
        })
    }

    pub(super) fn remove_tags(&self, call: &Call) -> Result<Value, AwsError> {
        let gone = call.input.texts("TagKeys");
        self.tagged(call, |tags| {
            tags.retain(|key, _| !gone.contains(key));
            json!({})
        })
    }

    pub(super) fn list_tags(&self, call: &Call) -> Result<Value, AwsError> {
        self.tagged(call, |tags| {
            let tags = tags.iter();
            let tags = tags.map(|(key, value)| json!({ "Key": key, "Value": value }));
            json!({ "TagList": tags.collect::<Vec<_>>() })
        })
    }

    fn tagged(
        &self,
        call: &Call,
        change: impl FnOnce(&mut BTreeMap<String, String>) -> Value,
    ) -> Result<Value, AwsError> {
        let kind = call.input.text("ResourceType").unwrap_or_default();
        if kind != "Parameter" {
            return Err(AwsError::new(
                "InvalidResourceType",
                format!("{kind} is not a resource type that this endpoint knows"),
            ));
        }
        let name = call.input.text("ResourceId").unwrap_or_default();
        self.parameters
            .update(&call.scope.key(name), |parameter| {
                change(&mut parameter.tags)
            })
            .ok_or_else(|| {
                AwsError::new(
                    "InvalidResourceId",
                    "The resource ID is not valid. Verify that you entered the correct ID and try \
                     again.",
                )
            })
    }
}
