//! TagResource, UntagResource, ListTagsForResource: tags of buses and rules.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Inner;
use super::state::{DEFAULT, not_found, rule_key};
use crate::arn::Arn;
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
        let missing = || not_found(format!("Resource {arn} does not exist."));
        let parsed = Arn::parse(arn).filter(|arn| arn.service == "events");
        let parsed = parsed.ok_or_else(missing)?;
        let scope = parsed.scope(&call.scope);
        let parts: Vec<_> = parsed.resource.split('/').collect();
        let changed = match parts.as_slice() {
            ["rule", name] => {
                let key = rule_key(&scope, DEFAULT, name);
                self.rules.update(&key, |rule| change(&mut rule.tags))
            }
            ["rule", bus, name] => {
                let key = rule_key(&scope, bus, name);
                self.rules.update(&key, |rule| change(&mut rule.tags))
            }
            ["event-bus", name] => {
                let bus = self.bus(&scope, name)?;
                self.buses.insert(&scope.key(name), bus);
                self.buses
                    .update(&scope.key(name), |bus| change(&mut bus.tags))
            }
            _ => None,
        };
        changed.ok_or_else(missing)
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
