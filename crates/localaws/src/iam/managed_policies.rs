//! Managed policies: the account's own, and AWS's, of which only the name is known here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Iam;
use super::document::{Purpose, check};
use super::entity::Kind;
use super::inline_policies::weight;
use super::names::{
    account_prefix, already_exists, delete_conflict, invalid, key, limit_exceeded, name,
    no_such_entity, paged, path, path_prefix,
};
use super::tags::{Tags, shown_tags, tags_of};

/// A managed policy of the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ManagedPolicy {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) versions: BTreeMap<u64, Version>,
    pub(super) default: u64,
    /// Number of the last version, also when it was deleted since.
    pub(super) last: u64,
    pub(super) tags: Tags,
}

/// A version of a managed policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) document: String,
    pub(super) created: Timestamp,
}

impl Iam {
    pub(super) fn create_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let (name, path) = (name(call, "PolicyName", 128)?, path(call)?);
        let document = policy_document(call)?;
        let now = self.aws.clock().now();
        let arn = call.scope.global_arn("iam", &format!("policy{path}{name}"));
        let version = Version {
            document: document.to_owned(),
            created: now,
        };
        let policy = ManagedPolicy {
            name: name.to_owned(),
            path,
            id: format!("ANPA{}", self.aws.ids().upper(17)),
            arn,
            description: call.input.filled("Description").map(str::to_owned),
            created: now,
            updated: now,
            versions: BTreeMap::from([(1, version)]),
            default: 1,
            last: 1,
            tags: tags_of(call)?,
        };
        let shown = self.shown(&call.scope, &policy);
        match self.policies.insert(&key(&call.scope, name), policy) {
            true => Ok(json!({ "Policy": shown })),
            false => Err(already_exists(format!(
                "A policy called {name} already exists. Duplicate names are not allowed."
            ))),
        }
    }

    pub(super) fn get_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        if let Some(place) = of_aws(arn) {
            let (attached, boundaries) = self.uses(&call.scope, arn);
            let (path, name) = place.rsplit_once('/').unwrap_or_default();
            let id = hex::encode_upper(Sha256::digest(arn));
            return Ok(json!({ "Policy": {
                "PolicyName": name,
                "PolicyId": format!("ANPA{}", id.get(..17).unwrap_or_default()),
                "Arn": arn,
                "Path": format!("{path}/"),
                "DefaultVersionId": "v1",
                "AttachmentCount": attached,
                "PermissionsBoundaryUsageCount": boundaries,
                "IsAttachable": true,
            }}));
        }
        let policy = self.managed(&call.scope, arn)?;
        let mut shown = self.shown(&call.scope, &policy);
        if let Some(description) = &policy.description {
            shown["Description"] = description.as_str().into();
        }
        Ok(json!({ "Policy": shown }))
    }

    /// Only the account's own policies: nothing here knows all of AWS's.
    pub(super) fn list_policies(&self, call: &Call) -> Result<Value, AwsError> {
        let mut found = Vec::new();
        let theirs = call.input.text("Scope") == Some("AWS");
        for (key, policy) in self.policies.scan(&account_prefix(&call.scope)) {
            let shown = self.shown(&call.scope, &policy);
            let attached = shown["AttachmentCount"] != 0;
            if policy.path.starts_with(path_prefix(call))
                && (attached || !call.input.flag("OnlyAttached"))
                && !theirs
            {
                found.push((key, shown));
            }
        }
        paged(call, "Policies", found)
    }

    pub(super) fn delete_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        let policy = self.managed(&call.scope, arn)?;
        if self.uses(&call.scope, arn) != (0, 0) {
            return Err(delete_conflict(
                "Cannot delete a policy attached to entities.",
            ));
        }
        if policy.versions.len() > 1 {
            return Err(delete_conflict(
                "This policy has more than one version. Before you delete a policy, you must \
                 delete the policy's versions. The default version is deleted with the policy.",
            ));
        }
        self.policies.remove(&key(&call.scope, &policy.name));
        Ok(json!({}))
    }

    /// Checks that a policy could be attached: one of the account's, or well named as AWS's.
    pub(super) fn attachable(&self, scope: &Scope, arn: &str) -> Result<(), AwsError> {
        if !arn.starts_with("arn:") || arn.len() < 20 {
            return Err(invalid(format!("ARN {arn} is not valid.")));
        }
        if of_aws(arn).is_some() || self.managed(scope, arn).is_ok() {
            return Ok(());
        }
        Err(no_such_entity(format!(
            "Policy {arn} does not exist or is not attachable."
        )))
    }

    /// The account's policy of that ARN.
    pub(super) fn managed(&self, scope: &Scope, arn: &str) -> Result<ManagedPolicy, AwsError> {
        let name = arn.rsplit('/').next().unwrap_or_default();
        self.policies
            .get(&key(scope, name))
            .filter(|policy| policy.arn == arn)
            .ok_or_else(|| no_such_entity(format!("Policy {arn} was not found.")))
    }

    /// On how many entities a policy is, and of how many it is the boundary.
    fn uses(&self, scope: &Scope, arn: &str) -> (usize, usize) {
        let (mut attached, mut boundaries) = (0, 0);
        for kind in [Kind::Role, Kind::User, Kind::Group] {
            for (_, entity) in self.table(kind).scan(&account_prefix(scope)) {
                attached += usize::from(entity.attached.contains(arn));
                boundaries += usize::from(entity.boundary.as_deref() == Some(arn));
            }
        }
        (attached, boundaries)
    }

    fn shown(&self, scope: &Scope, policy: &ManagedPolicy) -> Value {
        let (attached, boundaries) = self.uses(scope, &policy.arn);
        let mut shown = json!({
            "PolicyName": policy.name,
            "PolicyId": policy.id,
            "Arn": policy.arn,
            "Path": policy.path,
            "DefaultVersionId": format!("v{}", policy.default),
            "AttachmentCount": attached,
            "PermissionsBoundaryUsageCount": boundaries,
            "IsAttachable": true,
            "CreateDate": policy.created.to_string(),
            "UpdateDate": policy.updated.to_string(),
        });
        if !policy.tags.is_empty() {
            shown["Tags"] = shown_tags(&policy.tags);
        }
        shown
    }
}

/// `PolicyDocument` of a managed policy, checked.
pub(super) fn policy_document(call: &Call) -> Result<&str, AwsError> {
    let document = call.input.text("PolicyDocument").unwrap_or_default();
    check(document, Purpose::Identity)?;
    match weight(document) > 6144 {
        true => Err(limit_exceeded("Cannot exceed quota for PolicySize: 6144")),
        false => Ok(document),
    }
}

/// Path and name of a policy of AWS's own: `/service-role/AWSLambdaBasicExecutionRole`.
pub(super) fn of_aws(arn: &str) -> Option<&str> {
    let (partition, place) = arn.strip_prefix("arn:")?.split_once(":iam::aws:policy")?;
    let name = place.rsplit('/').next()?;
    let fine = partition.starts_with("aws") && place.starts_with('/') && !name.is_empty();
    let letters = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c));
    (fine && letters).then_some(place)
}
