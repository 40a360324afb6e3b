//! Key policies. They are kept and shown; nobody is refused because of one.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Kms;
use super::model::not_found;

impl Kms {
    pub(super) fn put_key_policy(&self, call: &Call) -> Result<Value, AwsError> {
        check_name(call)?;
        let policy = call.input.text("Policy").unwrap_or_default();
        check(policy)?;
        self.change(call, |key| {
            key.check_kept()?;
            policy.clone_into(&mut key.policy);
            Ok(json!({}))
        })
    }

    pub(super) fn get_key_policy(&self, call: &Call) -> Result<Value, AwsError> {
        check_name(call)?;
        let key = self.key(call, "KeyId")?;
        Ok(json!({ "Policy": key.policy, "PolicyName": "default" }))
    }

    pub(super) fn list_key_policies(&self, call: &Call) -> Result<Value, AwsError> {
        self.key(call, "KeyId")?;
        Ok(json!({ "PolicyNames": ["default"], "Truncated": false }))
    }
}

/// A key has one policy, and it is called `default`.
fn check_name(call: &Call) -> Result<(), AwsError> {
    match call.input.filled("PolicyName") {
        None | Some("default") => Ok(()),
        Some(_) => Err(not_found("No such policy exists")),
    }
}

/// Checks that a policy is one by its form.
pub(super) fn check(policy: &str) -> Result<(), AwsError> {
    let parsed: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = match parsed.member("Statement") {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let fine = |statement: &&Value| {
        let effect = statement.text("Effect");
        let whom = statement
            .member("Principal")
            .or(statement.member("NotPrincipal"));
        let what = statement.member("Action").or(statement.member("NotAction"));
        matches!(effect, Some("Allow" | "Deny")) && whom.is_some() && what.is_some()
    };
    match !statements.is_empty() && statements.iter().all(fine) {
        true => Ok(()),
        false => Err(AwsError::new("MalformedPolicyDocumentException", "")),
    }
}
