//! Instance profiles: how a role gets onto an EC2 instance.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Call, Scope};

use super::Iam;
use super::entity::Kind;
use super::names::{
    account_prefix, already_exists, delete_conflict, key, limit_exceeded, name, no_such_entity,
    paged, path, path_prefix,
};
use super::tags::{Tags, shown_tags, tags_of};

/// An instance profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct InstanceProfile {
    pub(super) name: String,
    path: String,
    id: String,
    arn: String,
    created: Timestamp,
    /// Name of the one role that it may have.
    role: Option<String>,
    pub(super) tags: Tags,
}

impl Iam {
    pub(super) fn create_instance_profile(&self, call: &Call) -> Result<Value, AwsError> {
        let (name, path) = (profile_name(call)?, path(call)?);
        let arn = call
            .scope
            .global_arn("iam", &format!("instance-profile{path}{name}"));
        let profile = InstanceProfile {
            name: name.to_owned(),
            path,
            id: format!("AIPA{}", self.aws.ids().upper(17)),
            arn,
            created: self.aws.clock().now(),
            role: None,
            tags: tags_of(call)?,
        };
        let shown = self.shown_profile(&call.scope, &profile);
        match self.profiles.insert(&key(&call.scope, name), profile) {
            true => Ok(json!({ "InstanceProfile": shown })),
            false => Err(already_exists(format!(
                "Instance Profile {name} already exists."
            ))),
        }
    }

    pub(super) fn get_instance_profile(&self, call: &Call) -> Result<Value, AwsError> {
        let profile = self.profile(call)?;
        Ok(json!({ "InstanceProfile": self.shown_profile(&call.scope, &profile) }))
    }

    pub(super) fn list_instance_profiles(&self, call: &Call) -> Result<Value, AwsError> {
        let mut profiles = self.profiles.scan(&account_prefix(&call.scope));
        profiles.retain(|(_, profile)| profile.path.starts_with(path_prefix(call)));
        self.listed(call, profiles)
    }

    pub(super) fn list_instance_profiles_for_role(&self, call: &Call) -> Result<Value, AwsError> {
        let role = self.named(Kind::Role, call)?;
        self.listed(call, self.profiles_with(&call.scope, &role.name))
    }

    fn listed(
        &self,
        call: &Call,
        profiles: Vec<(String, InstanceProfile)>,
    ) -> Result<Value, AwsError> {
        let shown = profiles
            .into_iter()
            .map(|(key, profile)| (key, self.shown_profile(&call.scope, &profile)));
        paged(call, "InstanceProfiles", shown.collect())
    }

    pub(super) fn delete_instance_profile(&self, call: &Call) -> Result<Value, AwsError> {
        let profile = self.profile(call)?;
        if profile.role.is_some() {
            return Err(delete_conflict(
                "Cannot delete entity, must remove roles from instance profile first.",
            ));
        }
        self.profiles.remove(&key(&call.scope, &profile.name));
        Ok(json!({}))
    }

    pub(super) fn add_role_to_instance_profile(&self, call: &Call) -> Result<Value, AwsError> {
        let profile = self.profile(call)?;
        let role = self.named(Kind::Role, call)?;
        if profile.role.is_some() {
            return Err(limit_exceeded(
                "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
            ));
        }
        self.profiles
            .update(&key(&call.scope, &profile.name), |profile| {
                profile.role = Some(role.name);
            });
        Ok(json!({}))
    }

    pub(super) fn remove_role_from_instance_profile(&self, call: &Call) -> Result<Value, AwsError> {
        let profile = self.profile(call)?;
        let role = name(call, "RoleName", 64)?;
        if profile.role.as_deref() != Some(role) {
            return Err(no_such_entity(format!(
                "The role with name {role} cannot be found."
            )));
        }
        self.profiles
            .update(&key(&call.scope, &profile.name), |profile| {
                profile.role = None
            });
        Ok(json!({}))
    }

    /// The profiles that a role is in.
    pub(super) fn profiles_with(
        &self,
        scope: &Scope,
        role: &str,
    ) -> Vec<(String, InstanceProfile)> {
        let mut profiles = self.profiles.scan(&account_prefix(scope));
        profiles.retain(|(_, profile)| profile.role.as_deref() == Some(role));
        profiles
    }

    fn profile(&self, call: &Call) -> Result<InstanceProfile, AwsError> {
        let name = profile_name(call)?;
        self.profiles
            .get(&key(&call.scope, name))
            .filter(|profile| profile.name == name)
            .ok_or_else(|| no_such_entity(format!("Instance Profile {name} cannot be found.")))
    }

    fn shown_profile(&self, scope: &Scope, profile: &InstanceProfile) -> Value {
        let role = profile.role.as_ref();
        let role = role.and_then(|role| self.roles.get(&key(scope, role)));
        let roles: Vec<Value> = role.iter().map(|role| role.shown(Kind::Role)).collect();
        let mut shown = json!({
            "Path": profile.path,
            "InstanceProfileName": profile.name,
            "InstanceProfileId": profile.id,
            "Arn": profile.arn,
            "CreateDate": profile.created.to_string(),
            "Roles": roles,
        });
        if !profile.tags.is_empty() {
            shown["Tags"] = shown_tags(&profile.tags);
        }
        shown
    }
}

fn profile_name(call: &Call) -> Result<&str, AwsError> {
    name(call, "InstanceProfileName", 128)
}
