//! `PutResourcePolicy`, `DescribeResourcePolicies` and `DeleteResourcePolicy` of the account.
//! Policies of single log groups (`resourceArn`) are refused.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{ResourcePolicy, invalid};

impl Logs {
    pub(super) fn put_resource_policy(&self, call: &Call) -> Result<Value, AwsError> {
        if call.input.filled("resourceArn").is_some() {
            return Err(invalid(
                "Resource policies of single log groups are not supported by this endpoint",
            ));
        }
        let name = call
            .input
            .filled("policyName")
            .ok_or_else(|| invalid("Policy name is required"))?;
        let document = call.input.text("policyDocument").unwrap_or_default();
        if !serde_json::from_str::<Value>(document).is_ok_and(|parsed| parsed.is_object()) {
            return Err(invalid("Policy document is not valid JSON"));
        }
        let policy = ResourcePolicy {
            document: document.to_owned(),
            updated: self.now(),
        };
        let shown = shown(name, &policy);
        self.policies.put(&call.scope.key(name), policy);
        Ok(json!({ "resourcePolicy": shown }))
    }

    pub(super) fn describe_resource_policies(&self, call: &Call) -> Result<Value, AwsError> {
        let prefix = call.scope.prefix();
        let policies = self.policies.scan(&prefix);
        let limit = call.input.number("limit").unwrap_or(50).clamp(1, 50) as usize;
        let token = call.input.filled("nextToken");
        let (policies, next) = page(policies, |(key, _)| key.clone(), token, limit)
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?;
        let all = policies
            .iter()
            .map(|(key, policy)| shown(key.strip_prefix(&prefix).unwrap_or(key), policy));
        let mut output = json!({ "resourcePolicies": all.collect::<Vec<_>>() });
        if let Some(next) = next {
            output["nextToken"] = next.into();
        }
        Ok(output)
    }

    pub(super) fn delete_resource_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("policyName").unwrap_or_default();
        match self.policies.remove(&call.scope.key(name)) {
            Some(_) => Ok(json!({})),
            None => Err(AwsError::new(
                "ResourceNotFoundException",
                format!("Policy with name [{name}] does not exist"),
            )),
        }
    }
}

fn shown(name: &str, policy: &ResourcePolicy) -> Value {
    json!({
        "policyName": name,
        "policyDocument": policy.document,
        "lastUpdatedTime": policy.updated,
    })
}
