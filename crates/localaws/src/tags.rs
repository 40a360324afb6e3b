//! Tags of what a service keeps, as `TagResource`, `UntagResource` and `ListTagsForResource` have
//! them in most APIs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

/// Values by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// A service with tags.
pub(crate) trait Tagged {
    /// Changes the tags of what the call names by its ARN.
    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError>;

    /// `TagResource`.
    fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let given = given(&call.input);
        self.retag(call, |tags| tags.extend(given))?;
        Ok(json!({}))
    }

    /// `UntagResource`.
    fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let keys = call.input.texts("TagKeys");
        self.retag(call, |tags| tags.retain(|key, _| !keys.contains(key)))?;
        Ok(json!({}))
    }

    /// `ListTagsForResource`.
    fn list_tags_for_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.retag(call, |tags| tags.clone())?;
        let tags = tags
            .iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }));
        Ok(json!({ "Tags": tags.collect::<Vec<_>>() }))
    }
}

/// Tags as a call has them.
pub(crate) fn given(input: &Value) -> Tags {
    let tags = input.items("Tags").iter();
    tags.filter_map(|tag| {
        let value = tag.text("Value").unwrap_or_default();
        Some((tag.text("Key")?.to_owned(), value.to_owned()))
    })
    .collect()
}
