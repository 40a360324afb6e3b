//! The policies of a repository: who may do what, and which images expire. Kept, not applied.

use serde_json::{Value, json};

use super::Ecr;
use super::error::invalid;
use crate::params::Params;
use crate::{AwsError, Call};

impl Ecr {
    pub(super) fn set_repository_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let text = document(call, "policyText")?;
        self.change(call, |one| one.policy = Some(text))?;
        self.get_repository_policy(call)
    }

    pub(super) fn get_repository_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let text = self.look(call, |one| one.policy.clone())?;
        self.shown(call, text, "policyText", "Repository")
    }

    pub(super) fn delete_repository_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let text = self.change(call, |one| one.policy.take())?;
        self.shown(call, text, "policyText", "Repository")
    }

    pub(super) fn put_lifecycle_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let text = document(call, "lifecyclePolicyText")?;
        self.change(call, |one| one.lifecycle = Some(text))?;
        self.get_lifecycle_policy(call)
    }

    pub(super) fn get_lifecycle_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let text = self.look(call, |one| one.lifecycle.clone())?;
        self.shown(call, text, "lifecyclePolicyText", "Lifecycle")
    }

    pub(super) fn delete_lifecycle_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let text = self.change(call, |one| one.lifecycle.take())?;
        self.shown(call, text, "lifecyclePolicyText", "Lifecycle")
    }

    fn shown(
        &self,
        call: &Call,
        text: Option<String>,
        member: &str,
        kind: &str,
    ) -> Result<Value, AwsError> {
        let mut output = self.named(call)?;
        let Some(text) = text else {
            let name = call.input.text("repositoryName").unwrap_or_default();
            return Err(AwsError::new(
                format!("{kind}PolicyNotFoundException"),
                format!(
                    "{kind} policy does not exist for the repository with name '{name}' in the \
                     registry with id '{}'",
                    call.scope.account
                ),
            ));
        };
        output[member] = json!(text);
        Ok(output)
    }
}

fn document(call: &Call, member: &str) -> Result<String, AwsError> {
    let text = call.input.text(member).unwrap_or_default();
    let parsed = serde_json::from_str::<Value>(text);
    if !parsed.is_ok_and(|document| document.is_object()) {
        return Err(invalid(format!(
            "Invalid parameter at '{member}' failed to satisfy constraint: 'Invalid JSON syntax'"
        )));
    }
    Ok(text.to_owned())
}
