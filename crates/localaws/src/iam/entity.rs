//! Roles, users and groups: what is alike in all three.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope, Table};

use super::Iam;
use super::names::{account_prefix, delete_conflict, key, name, no_such_entity};
use super::tags::{Tags, shown_tags};

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Role,
    User,
    Group,
}

/// A role, user or group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entity {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) created: Timestamp,
    /// Documents of inline policies by name.
    pub(super) inline: BTreeMap<String, String>,
    /// ARNs of managed policies.
    pub(super) attached: BTreeSet<String>,
    pub(super) boundary: Option<String>,
    pub(super) tags: Tags,
    /// Only of roles.
    pub(super) role: Option<RoleDetails>,
    /// Keys of the groups that a user is in.
    pub(super) groups: BTreeSet<String>,
}

/// What only roles have.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RoleDetails {
    pub(super) trust: String,
    pub(super) description: Option<String>,
    /// Seconds.
    pub(super) max_session: i64,
}

impl Kind {
    /// `Role`, `User` or `Group`.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    pub(super) fn word(self) -> String {
        self.title().to_lowercase()
    }

    /// The parameter that names one, and how long its value may be.
    pub(super) fn member(self) -> (&'static str, usize) {
        match self {
            Self::Role => ("RoleName", 64),
            Self::User => ("UserName", 64),
            Self::Group => ("GroupName", 128),
        }
    }

    fn id_prefix(self) -> &'static str {
        match self {
            Self::Role => "AROA",
            Self::User => "AIDA",
            Self::Group => "AGPA",
        }
    }

    pub(super) fn missing(self, name: &str) -> AwsError {
        no_such_entity(format!(
            "The {} with name {name} cannot be found.",
            self.word()
        ))
    }
}

impl Entity {
    /// The members that the API shows of all three.
    pub(super) fn shown(&self, kind: Kind) -> Value {
        let title = kind.title();
        let mut shown = json!({
            "Path": self.path,
            format!("{title}Name"): self.name,
            format!("{title}Id"): self.id,
            "Arn": self.arn,
            "CreateDate": self.created.to_string(),
        });
        if let Some(role) = &self.role {
            shown["AssumeRolePolicyDocument"] = super::document::encoded(&role.trust).into();
            shown["MaxSessionDuration"] = role.max_session.into();
            if let Some(description) = &role.description {
                shown["Description"] = description.as_str().into();
            }
        }
        shown
    }

    /// The members that only single looks show, not lists.
    pub(super) fn shown_whole(&self, kind: Kind) -> Value {
        let mut shown = self.shown(kind);
        if let Some(boundary) = &self.boundary {
            shown["PermissionsBoundary"] = json!({
                "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary,
            });
        }
        if !self.tags.is_empty() {
            shown["Tags"] = shown_tags(&self.tags);
        }
        if kind == Kind::Role {
            shown["RoleLastUsed"] = json!({});
        }
        shown
    }

    /// Refuses to delete what still has policies.
    pub(super) fn check_bare(&self) -> Result<(), AwsError> {
        let kept = match (self.attached.is_empty(), self.inline.is_empty()) {
            (false, _) => "detach all policies",
            (_, false) => "delete policies",
            _ => return Ok(()),
        };
        Err(delete_conflict(format!(
            "Cannot delete entity, must {kept} first."
        )))
    }
}

impl Iam {
    pub(super) fn table(&self, kind: Kind) -> &Table<Entity> {
        match kind {
            Kind::Role => &self.roles,
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// A new entity of that name; not stored yet.
    pub(super) fn entity(&self, kind: Kind, scope: &Scope, path: String, name: &str) -> Entity {
        let arn = scope.global_arn("iam", &format!("{}{path}{name}", kind.word()));
        Entity {
            name: name.to_owned(),
            path,
            id: format!("{}{}", kind.id_prefix(), self.aws.ids().upper(17)),
            arn,
            created: self.aws.clock().now(),
            inline: BTreeMap::new(),
            attached: BTreeSet::new(),
            boundary: None,
            tags: Tags::new(),
            role: None,
            groups: BTreeSet::new(),
        }
    }

    /// The entity that a call names.
    pub(super) fn named(&self, kind: Kind, call: &Call) -> Result<Entity, AwsError> {
        let (member, longest) = kind.member();
        let name = name(call, member, longest)?;
        self.table(kind)
            .get(&key(&call.scope, name))
            .filter(|found| found.name == name)
            .ok_or_else(|| kind.missing(name))
    }

    /// Changes the entity that a call names.
    pub(super) fn change<R>(
        &self,
        kind: Kind,
        call: &Call,
        change: impl FnOnce(&mut Entity) -> Result<R, AwsError>,
    ) -> Result<R, AwsError> {
        let (member, longest) = kind.member();
        let name = name(call, member, longest)?;
        self.table(kind)
            .update(&key(&call.scope, name), |entity| {
                match entity.name == name {
                    true => change(entity),
                    false => Err(kind.missing(name)),
                }
            })
            .unwrap_or_else(|| Err(kind.missing(name)))
    }

    /// All entities of a kind under the path that a call asks for, as lists show them.
    pub(super) fn under_path(&self, kind: Kind, call: &Call) -> Vec<(String, Value)> {
        let prefix = call.input.filled("PathPrefix").unwrap_or("/");
        let mut found = Vec::new();
        for (key, entity) in self.table(kind).scan(&account_prefix(&call.scope)) {
            if entity.path.starts_with(prefix) {
                found.push((key, entity.shown(kind)));
            }
        }
        found
    }
}
