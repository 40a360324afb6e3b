//! `GetCallerIdentity` and `GetAccessKeyInfo`.

use serde_json::{Value, json};

use crate::{AwsError, Call};

use super::Sts;

impl Sts {
    pub(super) async fn get_caller_identity(&self, call: &Call) -> Result<Value, AwsError> {
        let account = &call.scope.account;
        let assumed = call.caller.split_once(":assumed-role/");
        let id = match assumed.and_then(|(_, rest)| rest.split_once('/')) {
            Some((role, session)) => {
                let named = json!({ "RoleName": role });
                let role = self.aws.call(&call.scope, "iam", "GetRole", named).await;
                let role = role.unwrap_or_default();
                let id = role["Role"]["RoleId"].as_str().unwrap_or("AROALOCAL");
                format!("{id}:{session}")
            }
            None => account.clone(),
        };
        Ok(json!({ "UserId": id, "Account": account, "Arn": call.caller }))
    }

    pub(super) fn get_access_key_info(&self, call: &Call) -> Result<Value, AwsError> {
        Ok(json!({ "Account": call.scope.account }))
    }
}
