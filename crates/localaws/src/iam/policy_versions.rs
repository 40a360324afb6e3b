//! Versions of managed policies.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::document::encoded;
use super::managed_policies::{ManagedPolicy, Version, of_aws, policy_document};
use super::names::{delete_conflict, invalid, key, limit_exceeded, no_such_entity, paged};

impl Iam {
    pub(super) fn create_policy_version(&self, call: &Call) -> Result<Value, AwsError> {
        let document = policy_document(call)?;
        let now = self.aws.clock().now();
        self.change_policy(call, |policy| {
            if policy.versions.len() >= 5 {
                return Err(limit_exceeded(
                    "A managed policy can have up to 5 versions. Before you create a new version, \
                     you must delete an existing version.",
                ));
            }
            policy.last += 1;
            if call.input.flag("SetAsDefault") {
                policy.default = policy.last;
            }
            policy.updated = now;
            let version = Version {
                document: document.to_owned(),
                created: now,
            };
            policy.versions.insert(policy.last, version);
            Ok(json!({ "PolicyVersion": shown(policy, policy.last, false) }))
        })
    }

    pub(super) fn get_policy_version(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        if of_aws(arn).is_some() {
            return Err(AwsError::new(
                "NotImplemented",
                format!(
                    "the documents of AWS's own policies ({arn}) are not known to this endpoint"
                ),
            )
            .with_status(501));
        }
        let policy = self.managed(&call.scope, arn)?;
        let number = number(call, &policy)?;
        Ok(json!({ "PolicyVersion": shown(&policy, number, true) }))
    }

    pub(super) fn list_policy_versions(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        let policy = self.managed(&call.scope, arn)?;
        // Newest first; the pager goes upwards.
        let versions = policy.versions.keys().rev();
        let versions = versions.map(|number| {
            (
                format!("{:020}", u64::MAX - number),
                shown(&policy, *number, false),
            )
        });
        paged(call, "Versions", versions.collect())
    }

    pub(super) fn delete_policy_version(&self, call: &Call) -> Result<Value, AwsError> {
        self.change_policy(call, |policy| {
            let number = number(call, policy)?;
            if number == policy.default {
                return Err(delete_conflict(
                    "Cannot delete the default version of a policy.",
                ));
            }
            policy.versions.remove(&number);
            Ok(json!({}))
        })
    }

    pub(super) fn set_default_policy_version(&self, call: &Call) -> Result<Value, AwsError> {
        let now = self.aws.clock().now();
        self.change_policy(call, |policy| {
            policy.default = number(call, policy)?;
            policy.updated = now;
            Ok(json!({}))
        })
    }

    fn change_policy(
        &self,
        call: &Call,
        change: impl FnOnce(&mut ManagedPolicy) -> Result<Value, AwsError>,
    ) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        let policy = self.managed(&call.scope, arn)?;
        self.policies
            .update(&key(&call.scope, &policy.name), change)
            .unwrap_or_else(|| Err(no_such_entity(format!("Policy {arn} was not found."))))
    }
}

/// The version that `VersionId` names: `v3`.
fn number(call: &Call, policy: &ManagedPolicy) -> Result<u64, AwsError> {
    let id = call.input.text("VersionId").unwrap_or_default();
    let number = id.strip_prefix('v').and_then(|number| number.parse().ok());
    let number = number.ok_or_else(|| invalid(format!("Version id {id} is not valid.")))?;
    match policy.versions.contains_key(&number) {
        true => Ok(number),
        false => Err(no_such_entity(format!(
            "Policy {} version {id} does not exist or is not attachable.",
            policy.arn
        ))),
    }
}

fn shown(policy: &ManagedPolicy, number: u64, with_document: bool) -> Value {
    let mut shown = json!({
        "VersionId": format!("v{number}"),
        "IsDefaultVersion": number == policy.default,
    });
    if let Some(version) = policy.versions.get(&number) {
        shown["CreateDate"] = version.created.to_string().into();
        if with_document {
            shown["Document"] = encoded(&version.document).into();
        }
    }
    shown
}
