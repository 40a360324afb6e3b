//! Managed policies on roles, users and groups, as permissions and as boundaries.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::entity::Kind;
use super::names::{account_prefix, limit_exceeded, no_such_entity, paged, path_prefix};
use super::roles::unmodifiable;

impl Iam {
    pub(super) fn attach_policy(&self, kind: Kind, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        self.attachable(&call.scope, arn)?;
        self.change(kind, call, |entity| {
            unmodifiable(entity)?;
            if entity.attached.len() >= 10 && !entity.attached.contains(arn) {
                let title = kind.title();
                return Err(limit_exceeded(format!(
                    "Cannot exceed quota for PoliciesPer{title}: 10"
                )));
            }
            entity.attached.insert(arn.to_owned());
            Ok(json!({}))
        })
    }

    pub(super) fn detach_policy(&self, kind: Kind, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        self.change(kind, call, |entity| {
            unmodifiable(entity)?;
            match entity.attached.remove(arn) {
                true => Ok(json!({})),
                false => Err(no_such_entity(format!("Policy {arn} was not found."))),
            }
        })
    }

    pub(super) fn list_attached_policies(
        &self,
        kind: Kind,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let entity = self.named(kind, call)?;
        let under = path_prefix(call);
        let attached = entity.attached.into_iter().filter_map(|arn| {
            let (_, place) = arn.split_once(":policy")?;
            let name = place.rsplit('/').next()?;
            let shown = json!({ "PolicyName": name, "PolicyArn": arn });
            place.starts_with(under).then(|| (arn.clone(), shown))
        });
        paged(call, "AttachedPolicies", attached.collect())
    }

    pub(super) fn list_entities_for_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("PolicyArn").unwrap_or_default();
        self.attachable(&call.scope, arn)?;
        let filter = call.input.filled("EntityFilter");
        let boundaries = call.input.text("PolicyUsageFilter") == Some("PermissionsBoundary");
        let mut output = json!({ "IsTruncated": false });
        for kind in [Kind::Role, Kind::User, Kind::Group] {
            let title = kind.title();
            let mut found = Vec::new();
            for (_, entity) in self.table(kind).scan(&account_prefix(&call.scope)) {
                let uses = match boundaries {
                    true => entity.boundary.as_deref() == Some(arn),
                    false => entity.attached.contains(arn),
                };
                if uses && filter.is_none_or(|filter| filter == title) {
                    found.push(json!({
                        format!("{title}Name"): entity.name, format!("{title}Id"): entity.id,
                    }));
                }
            }
            output[format!("Policy{title}s")] = found.into();
        }
        Ok(output)
    }

    /// The boundary that `CreateRole` or `CreateUser` asks for.
    pub(super) fn boundary_of(&self, call: &Call) -> Result<Option<String>, AwsError> {
        let Some(arn) = call.input.filled("PermissionsBoundary") else {
            return Ok(None);
        };
        self.attachable(&call.scope, arn)?;
        Ok(Some(arn.to_owned()))
    }

    pub(super) fn put_permissions_boundary(
        &self,
        kind: Kind,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let boundary = self.boundary_of(call)?;
        self.change(kind, call, |entity| {
            unmodifiable(entity)?;
            entity.boundary = boundary;
            Ok(json!({}))
        })
    }

    pub(super) fn delete_permissions_boundary(
        &self,
        kind: Kind,
        call: &Call,
    ) -> Result<Value, AwsError> {
        self.change(kind, call, |entity| {
            unmodifiable(entity)?;
            entity.boundary = None;
            Ok(json!({}))
        })
    }
}
