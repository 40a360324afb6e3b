//! Tags of keys.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Kms;
use super::model::paged;

/// The member `Tags`.
pub(super) fn tags_of(input: &Value) -> BTreeMap<String, String> {
    let tags = input.items("Tags").iter();
    tags.filter_map(|tag| {
        Some((
            tag.text("TagKey")?.to_owned(),
            tag.text("TagValue")?.to_owned(),
        ))
    })
    .collect()
}

impl Kms {
    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        self.change(call, |key| {
            key.check_kept()?;
            key.tags.extend(tags_of(&call.input));
            Ok(json!({}))
        })
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let gone = call.input.texts("TagKeys");
        self.change(call, |key| {
            key.check_kept()?;
            key.tags.retain(|name, _| !gone.contains(name));
            Ok(json!({}))
        })
    }

    pub(super) fn list_resource_tags(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.key(call, "KeyId")?.tags.into_iter();
        let tags = tags.map(|(name, value)| {
            let shown = json!({ "TagKey": name, "TagValue": value });
            (name, shown)
        });
        paged(call, "Tags", tags.collect(), 50)
    }
}
