//! `TagResource`, `UntagResource`, `ListTagsForResource`.

use serde_json::{Value, json};

use super::Pipes;
use super::state::not_found;
use crate::params::Params;
use crate::tags::Tags;
use crate::{AwsError, Call};

impl Pipes {
    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let given = call.input.map("tags").into_iter().flatten();
        let given =
            given.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
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
        let arn = call.input.text("resourceArn").unwrap_or_default();
        let name = arn.rsplit_once(":pipe/").map_or(arn, |(_, name)| name);
        let changed = self
            .pipes
            .update(&call.scope.key(name), |pipe| change(&mut pipe.tags));
        changed.ok_or_else(|| not_found(name))
    }
}
