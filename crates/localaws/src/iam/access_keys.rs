//! Access keys of users. They are kept and shown; every key is accepted by this endpoint.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Iam;
use super::entity::Kind;
use super::names::{account_prefix, key, limit_exceeded, no_such_entity, paged};

/// An access key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AccessKey {
    id: String,
    secret: String,
    user: String,
    status: String,
    created: Timestamp,
}

impl Iam {
    pub(super) fn create_access_key(&self, call: &Call) -> Result<Value, AwsError> {
        let user = self.named(Kind::User, call)?;
        if self.keys_of(&call.scope, &user.name).len() >= 2 {
            return Err(limit_exceeded(
                "Cannot exceed quota for AccessKeysPerUser: 2",
            ));
        }
        let access = AccessKey {
            id: format!("AKIA{}", self.aws.ids().upper(16)),
            secret: self.aws.ids().hex(40),
            user: user.name,
            status: "Active".to_owned(),
            created: self.aws.clock().now(),
        };
        let mut shown = access.shown();
        shown["SecretAccessKey"] = access.secret.as_str().into();
        self.keys.put(&key(&call.scope, &access.id), access);
        Ok(json!({ "AccessKey": shown }))
    }

    pub(super) fn list_access_keys(&self, call: &Call) -> Result<Value, AwsError> {
        let user = self.named(Kind::User, call)?;
        let keys = self.keys_of(&call.scope, &user.name).into_iter();
        paged(
            call,
            "AccessKeyMetadata",
            keys.map(|(key, access)| (key, access.shown())).collect(),
        )
    }

    pub(super) fn update_access_key(&self, call: &Call) -> Result<Value, AwsError> {
        let place = self.key_place(call)?;
        let status = call.input.text("Status").unwrap_or_default().to_owned();
        self.keys.update(&place, |access| access.status = status);
        Ok(json!({}))
    }

    pub(super) fn delete_access_key(&self, call: &Call) -> Result<Value, AwsError> {
        let place = self.key_place(call)?;
        self.keys.remove(&place);
        Ok(json!({}))
    }

    pub(super) fn keys_of(&self, scope: &Scope, user: &str) -> Vec<(String, AccessKey)> {
        let mut keys = self.keys.scan(&account_prefix(scope));
        keys.retain(|(_, access)| access.user == user);
        keys
    }

    fn key_place(&self, call: &Call) -> Result<String, AwsError> {
        let id = call.input.text("AccessKeyId").unwrap_or_default();
        let place = key(&call.scope, id);
        let user = call.input.filled("UserName");
        let found = self
            .keys
            .with(&place, |access| user.is_none_or(|user| access.user == user));
        match found {
            Some(true) => Ok(place),
            _ => Err(no_such_entity(format!(
                "The Access Key with id {id} cannot be found."
            ))),
        }
    }
}

impl AccessKey {
    fn shown(&self) -> Value {
        json!({
            "UserName": self.user,
            "AccessKeyId": self.id,
            "Status": self.status,
            "CreateDate": self.created.to_string(),
        })
    }
}
