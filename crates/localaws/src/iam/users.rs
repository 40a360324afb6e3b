//! Users.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::entity::Kind;
use super::names::{already_exists, delete_conflict, key, name, paged, path};
use super::tags::tags_of;

impl Iam {
    pub(super) fn create_user(&self, call: &Call) -> Result<Value, AwsError> {
        let name = name(call, "UserName", 64)?;
        let mut user = self.entity(Kind::User, &call.scope, path(call)?, name);
        user.boundary = self.boundary_of(call)?;
        user.tags = tags_of(call)?;
        let shown = user.shown_whole(Kind::User);
        match self.users.insert(&key(&call.scope, name), user) {
            true => Ok(json!({ "User": shown })),
            false => Err(already_exists(format!(
                "User with name {name} already exists."
            ))),
        }
    }

    /// Without a name: the caller, which is the account's root here.
    pub(super) fn get_user(&self, call: &Call) -> Result<Value, AwsError> {
        if call.input.filled("UserName").is_none() {
            return Ok(json!({ "User": {
                "Path": "/",
                "UserName": "root",
                "UserId": call.scope.account,
                "Arn": call.scope.global_arn("iam", "root"),
                "CreateDate": jiff::Timestamp::UNIX_EPOCH.to_string(),
            }}));
        }
        let user = self.named(Kind::User, call)?;
        Ok(json!({ "User": user.shown_whole(Kind::User) }))
    }

    pub(super) fn list_users(&self, call: &Call) -> Result<Value, AwsError> {
        paged(call, "Users", self.under_path(Kind::User, call))
    }

    pub(super) fn delete_user(&self, call: &Call) -> Result<Value, AwsError> {
        let user = self.named(Kind::User, call)?;
        if !user.groups.is_empty() {
            return Err(delete_conflict(
                "Cannot delete entity, must remove users from group first.",
            ));
        }
        if !self.keys_of(&call.scope, &user.name).is_empty() {
            return Err(delete_conflict(
                "Cannot delete entity, must delete access keys first.",
            ));
        }
        user.check_bare()?;
        self.users.remove(&key(&call.scope, &user.name));
        Ok(json!({}))
    }
}
