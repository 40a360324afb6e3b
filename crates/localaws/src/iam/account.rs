//! The account's alias and summary.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::names::{account_prefix, already_exists, no_such_entity};

impl Iam {
    pub(super) fn create_account_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let alias = call.input.text("AccountAlias").unwrap_or_default();
        let place = account_prefix(&call.scope);
        match self.aliases.insert(&place, alias.to_owned()) {
            true => Ok(json!({})),
            false => Err(already_exists("The account already has an alias.")),
        }
    }

    pub(super) fn delete_account_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let alias = call.input.text("AccountAlias").unwrap_or_default();
        let place = account_prefix(&call.scope);
        if self.aliases.get(&place).as_deref() != Some(alias) {
            let why = format!("The account alias {alias} cannot be found.");
            return Err(no_such_entity(why));
        }
        self.aliases.remove(&place);
        Ok(json!({}))
    }

    pub(super) fn list_account_aliases(&self, call: &Call) -> Result<Value, AwsError> {
        let alias = self.aliases.get(&account_prefix(&call.scope));
        Ok(json!({ "AccountAliases": Vec::from_iter(alias), "IsTruncated": false }))
    }

    pub(super) fn get_account_summary(&self, call: &Call) -> Result<Value, AwsError> {
        let account = account_prefix(&call.scope);
        Ok(json!({ "SummaryMap": {
            "Users": self.users.scan(&account).len(),
            "UsersQuota": 5000,
            "Groups": self.groups.scan(&account).len(),
            "GroupsQuota": 300,
            "Roles": self.roles.scan(&account).len(),
            "RolesQuota": 1000,
            "Policies": self.policies.scan(&account).len(),
            "PoliciesQuota": 1500,
            "InstanceProfiles": self.profiles.scan(&account).len(),
            "InstanceProfilesQuota": 1000,
            "Providers": self.providers.scan(&account).len(),
            "AccountMFAEnabled": 0,
        }}))
    }
}
