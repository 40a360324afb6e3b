//! Policies inside of roles, users and groups.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::document::{Purpose, check, encoded};
use super::entity::{Entity, Kind};
use super::names::{limit_exceeded, name, no_such_entity, paged};
use super::roles::unmodifiable;

impl Iam {
    pub(super) fn put_inline_policy(&self, kind: Kind, call: &Call) -> Result<Value, AwsError> {
        let policy = name(call, "PolicyName", 128)?;
        let document = call.input.text("PolicyDocument").unwrap_or_default();
        check(document, Purpose::Identity)?;
        let most = match kind {
            Kind::Role => 10_240,
            Kind::User => 2048,
            Kind::Group => 5120,
        };
        self.change(kind, call, |entity| {
            unmodifiable(entity)?;
            let others = entity.inline.iter().filter(|(name, _)| *name != policy);
            let size: usize = others.map(|(_, document)| weight(document)).sum();
            if size + weight(document) > most {
                return Err(limit_exceeded(format!(
                    "Maximum policy size of {most} bytes exceeded for {} {}",
                    kind.word(),
                    entity.name
                )));
            }
            entity.inline.insert(policy.to_owned(), document.to_owned());
            Ok(json!({}))
        })
    }

    pub(super) fn get_inline_policy(&self, kind: Kind, call: &Call) -> Result<Value, AwsError> {
        let policy = name(call, "PolicyName", 128)?;
        let entity = self.named(kind, call)?;
        let document = entity.inline.get(policy);
        let document = document.ok_or_else(|| missing(kind, policy))?;
        Ok(json!({
            kind.member().0: entity.name,
            "PolicyName": policy,
            "PolicyDocument": encoded(document),
        }))
    }

    pub(super) fn list_inline_policies(&self, kind: Kind, call: &Call) -> Result<Value, AwsError> {
        let entity = self.named(kind, call)?;
        let names = entity.inline.into_keys();
        paged(
            call,
            "PolicyNames",
            names.map(|name| (name.clone(), name.into())).collect(),
        )
    }

    pub(super) fn delete_inline_policy(&self, kind: Kind, call: &Call) -> Result<Value, AwsError> {
        let policy = name(call, "PolicyName", 128)?;
        self.change(kind, call, |entity: &mut Entity| {
            unmodifiable(entity)?;
            let removed = entity.inline.remove(policy);
            removed
                .map(|_| json!({}))
                .ok_or_else(|| missing(kind, policy))
        })
    }
}

/// White space does not count towards the size of a policy.
pub(super) fn weight(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}

fn missing(kind: Kind, policy: &str) -> AwsError {
    no_such_entity(format!(
        "The {} policy with name {policy} cannot be found.",
        kind.word()
    ))
}
