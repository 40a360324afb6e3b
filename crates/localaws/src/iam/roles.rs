//! Roles.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::document::{Purpose, check};
use super::entity::{Kind, RoleDetails};
use super::names::{already_exists, delete_conflict, invalid, key, name, paged, path};
use super::tags::tags_of;

/// Where AWS keeps the roles that belong to its services.
pub(super) const SERVICE_PATH: &str = "/aws-service-role/";

impl Iam {
    pub(super) fn create_role(&self, call: &Call) -> Result<Value, AwsError> {
        let name = name(call, "RoleName", 64)?;
        let trust = call
            .input
            .text("AssumeRolePolicyDocument")
            .unwrap_or_default();
        check(trust, Purpose::Trust)?;
        let path = path(call)?;
        if path.starts_with(SERVICE_PATH) {
            return Err(invalid(format!(
                "Roles under {SERVICE_PATH} are created by CreateServiceLinkedRole"
            )));
        }
        let mut role = self.entity(Kind::Role, &call.scope, path, name);
        role.boundary = self.boundary_of(call)?;
        role.tags = tags_of(call)?;
        role.role = Some(RoleDetails {
            trust: trust.to_owned(),
            description: call.input.text("Description").map(str::to_owned),
            max_session: max_session(call)?.unwrap_or(3600),
        });
        let shown = role.shown_whole(Kind::Role);
        match self.roles.insert(&key(&call.scope, name), role) {
            true => Ok(json!({ "Role": shown })),
            false => Err(already_exists(format!(
                "Role with name {name} already exists."
            ))),
        }
    }

    pub(super) fn get_role(&self, call: &Call) -> Result<Value, AwsError> {
        let role = self.named(Kind::Role, call)?;
        Ok(json!({ "Role": role.shown_whole(Kind::Role) }))
    }

    pub(super) fn list_roles(&self, call: &Call) -> Result<Value, AwsError> {
        paged(call, "Roles", self.under_path(Kind::Role, call))
    }

    pub(super) fn delete_role(&self, call: &Call) -> Result<Value, AwsError> {
        let role = self.named(Kind::Role, call)?;
        unmodifiable(&role)?;
        if !self.profiles_with(&call.scope, &role.name).is_empty() {
            return Err(delete_conflict(
                "Cannot delete entity, must remove roles from instance profile first.",
            ));
        }
        role.check_bare()?;
        self.roles.remove(&key(&call.scope, &role.name));
        Ok(json!({}))
    }

    pub(super) fn update_assume_role_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let trust = call.input.text("PolicyDocument").unwrap_or_default();
        check(trust, Purpose::Trust)?;
        self.change(Kind::Role, call, |role| {
            unmodifiable(role)?;
            if let Some(details) = &mut role.role {
                trust.clone_into(&mut details.trust);
            }
            Ok(json!({}))
        })
    }

    pub(super) fn update_role(&self, call: &Call) -> Result<Value, AwsError> {
        self.set_description(call)?;
        Ok(json!({}))
    }

    pub(super) fn update_role_description(&self, call: &Call) -> Result<Value, AwsError> {
        self.set_description(call)?;
        self.get_role(call)
    }

    fn set_description(&self, call: &Call) -> Result<(), AwsError> {
        let max_session = max_session(call)?;
        self.change(Kind::Role, call, |role| {
            if let Some(details) = &mut role.role {
                if let Some(description) = call.input.text("Description") {
                    details.description = Some(description.to_owned());
                }
                details.max_session = max_session.unwrap_or(details.max_session);
            }
            Ok(())
        })
    }
}

fn max_session(call: &Call) -> Result<Option<i64>, AwsError> {
    let seconds = call.input.number("MaxSessionDuration");
    if let Some(seconds) = seconds.filter(|seconds| !(3600..=43_200).contains(seconds)) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{seconds}' at 'maxSessionDuration' failed to \
             satisfy constraint: Member must have value between 3600 and 43200"
        )));
    }
    Ok(seconds)
}

/// Roles of AWS's services change through their service only.
pub(super) fn unmodifiable(role: &super::Entity) -> Result<(), AwsError> {
    match role.path.starts_with(SERVICE_PATH) {
        false => Ok(()),
        true => Err(AwsError::new(
            "UnmodifiableEntity",
            format!(
                "Cannot perform the operation on the protected role '{}' - this role is only \
                 modifiable by AWS",
                role.name
            ),
        )),
    }
}
