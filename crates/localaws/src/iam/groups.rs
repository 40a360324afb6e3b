//! Groups and who is in them.

use serde_json::{Value, json};

use crate::{AwsError, Call};

use super::Iam;
use super::entity::{Entity, Kind};
use super::names::{account_prefix, already_exists, delete_conflict, key, name, paged, path};

impl Iam {
    pub(super) fn create_group(&self, call: &Call) -> Result<Value, AwsError> {
        let name = name(call, "GroupName", 128)?;
        let group = self.entity(Kind::Group, &call.scope, path(call)?, name);
        let shown = group.shown(Kind::Group);
        match self.groups.insert(&key(&call.scope, name), group) {
            true => Ok(json!({ "Group": shown })),
            false => Err(already_exists(format!(
                "Group with name {name} already exists."
            ))),
        }
    }

    pub(super) fn get_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named(Kind::Group, call)?;
        let members = self.members(call, &group);
        let users = members
            .iter()
            .map(|(key, user)| (key.clone(), user.shown(Kind::User)));
        let mut output = paged(call, "Users", users.collect())?;
        output["Group"] = group.shown(Kind::Group);
        Ok(output)
    }

    pub(super) fn list_groups(&self, call: &Call) -> Result<Value, AwsError> {
        paged(call, "Groups", self.under_path(Kind::Group, call))
    }

    pub(super) fn delete_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named(Kind::Group, call)?;
        if !self.members(call, &group).is_empty() {
            return Err(delete_conflict(
                "Cannot delete entity, must remove users from group first.",
            ));
        }
        group.check_bare()?;
        self.groups.remove(&key(&call.scope, &group.name));
        Ok(json!({}))
    }

    pub(super) fn add_user_to_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named(Kind::Group, call)?;
        let group = key(&call.scope, &group.name);
        self.change(Kind::User, call, |user| {
            user.groups.insert(group);
            Ok(json!({}))
        })
    }

    pub(super) fn remove_user_from_group(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named(Kind::Group, call)?;
        let group = key(&call.scope, &group.name);
        self.change(Kind::User, call, |user| {
            user.groups.remove(&group);
            Ok(json!({}))
        })
    }

    pub(super) fn list_groups_for_user(&self, call: &Call) -> Result<Value, AwsError> {
        let user = self.named(Kind::User, call)?;
        let groups = user.groups.iter().filter_map(|key| {
            let group = self.groups.get(key)?;
            Some((key.clone(), group.shown(Kind::Group)))
        });
        paged(call, "Groups", groups.collect())
    }

    fn members(&self, call: &Call, group: &Entity) -> Vec<(String, Entity)> {
        let group = key(&call.scope, &group.name);
        let mut users = self.users.scan(&account_prefix(&call.scope));
        users.retain(|(_, user)| user.groups.contains(&group));
        users
    }
}
