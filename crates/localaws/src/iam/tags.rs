//! Tags of roles, users, policies, instance profiles and identity providers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::entity::Kind;
use super::names::{invalid, key, limit_exceeded, name, no_such_entity, paged};
use super::oidc_providers::{missing, provider_place};

pub(super) type Tags = BTreeMap<String, String>;

/// The member `Tags` of a call.
pub(super) fn tags_of(call: &Call) -> Result<Tags, AwsError> {
    let mut tags = Tags::new();
    for tag in call.input.items("Tags") {
        let (key, value) = (tag.text("Key"), tag.text("Value"));
        let key = key.unwrap_or_default();
        if key.is_empty() || key.len() > 128 || key.to_lowercase().starts_with("aws:") {
            return Err(invalid(format!("Tag key `{key}` is not allowed")));
        }
        let before = tags.insert(key.to_owned(), value.unwrap_or_default().to_owned());
        if before.is_some() {
            return Err(AwsError::new(
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
    }
    Ok(tags)
}

pub(super) fn shown_tags(tags: &Tags) -> Value {
    let tags = tags.iter();
    tags.map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect()
}

impl Iam {
    pub(super) fn tag(&self, call: &Call) -> Result<Value, AwsError> {
        let more = tags_of(call)?;
        self.tagged(call, |tags| {
            tags.extend(more);
            match tags.len() > 50 {
                true => Err(limit_exceeded(
                    "The number of tags has reached the maximum limit.",
                )),
                false => Ok(json!({})),
            }
        })
    }

    pub(super) fn untag(&self, call: &Call) -> Result<Value, AwsError> {
        let gone = call.input.texts("TagKeys");
        self.tagged(call, |tags| {
            tags.retain(|key, _| !gone.contains(key));
            Ok(json!({}))
        })
    }

    pub(super) fn list_tags(&self, call: &Call) -> Result<Value, AwsError> {
        let tags = self.tagged(call, |tags| Ok(tags.clone()))?;
        let tags = tags
            .into_iter()
            .map(|(key, value)| (key.clone(), json!({ "Key": key, "Value": value })));
        paged(call, "Tags", tags.collect())
    }

    /// Changes the tags of whatever the call names.
    fn tagged<R>(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Tags) -> Result<R, AwsError>,
    ) -> Result<R, AwsError> {
        let changed = if call.action.contains("Role") {
            return self.change(Kind::Role, call, |role| change(&mut role.tags));
        } else if call.action.contains("User") {
            return self.change(Kind::User, call, |user| change(&mut user.tags));
        } else if call.action.contains("Policy") {
            let arn = call.input.text("PolicyArn").unwrap_or_default();
            let policy = self.managed(&call.scope, arn)?;
            self.policies
                .update(&key(&call.scope, &policy.name), |policy| {
                    change(&mut policy.tags)
                })
        } else if call.action.contains("InstanceProfile") {
            let name = name(call, "InstanceProfileName", 128)?;
            self.profiles
                .update(&key(&call.scope, name), |profile| change(&mut profile.tags))
                .or_else(|| {
                    let why = format!("Instance Profile {name} cannot be found.");
                    Some(Err(no_such_entity(why)))
                })
        } else {
            self.providers.update(&provider_place(call)?, |provider| {
                change(&mut provider.tags)
            })
        };
        changed.unwrap_or_else(|| Err(missing(call)))
    }
}
