//! What is kept of a stack and of its resources.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::status::{ResourceDriftStatus, ResourceStatus, StackStatus};
use super::template::Parameter;
use crate::Scope;

/// A stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stack {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    /// The ARN, which ends with a UUID: a name may be used again.
    pub(crate) id: String,
    pub(crate) status: StackStatus,
    pub(crate) reason: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Option<Timestamp>,
    pub(crate) deleted: Option<Timestamp>,
    /// What the stack is, or becomes while an operation goes on.
    pub(crate) current: Deployment,
    /// What it was, until an update is through or taken back.
    pub(crate) previous: Option<Box<Deployment>>,
    pub(crate) outputs: Vec<StackOutput>,
    pub(crate) parent: Option<String>,
    pub(crate) root: Option<String>,
    /// The change set that was executed last.
    pub(crate) change_set: Option<String>,
    pub(crate) drift: Option<StackDrift>,
    /// The drift detection that goes on.
    #[serde(default)]
    pub(crate) detecting: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) options: Options,
    /// `ClientRequestToken` of the running or last operation.
    pub(crate) token: Option<String>,
    /// Set while somebody wants the running create or update stopped.
    #[serde(default)]
    pub(crate) cancelled: bool,
}

/// Everything that a create or an update deploys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Deployment {
    /// Shared, because stacks are copied often and templates are large.
    pub(crate) template: Arc<str>,
    pub(crate) parameters: BTreeMap<String, Parameter>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) capabilities: Vec<String>,
    pub(crate) role: Option<String>,
    pub(crate) notification_arns: Vec<String>,
    pub(crate) description: Option<String>,
}

/// How operations on a stack behave.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Options {
    pub(crate) on_failure: OnFailure,
    pub(crate) timeout_minutes: Option<i64>,
    pub(crate) termination_protection: bool,
    pub(crate) retain_except_on_create: bool,
    /// `RetainResources` of the running deletion.
    #[serde(default)]
    pub(crate) retain: Vec<String>,
    /// `ResourcesToSkip` of the running rollback.
    #[serde(default)]
    pub(crate) skip: Vec<String>,
    /// `DisableRollback` of the running update.
    #[serde(default)]
    pub(crate) keep_failed_update: bool,
}

/// What follows when a stack cannot be created.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OnFailure {
    #[default]
    #[serde(rename = "ROLLBACK")]
    Rollback,
    #[serde(rename = "DELETE")]
    Delete,
    #[serde(rename = "DO_NOTHING")]
    DoNothing,
}

/// An output with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StackOutput {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) export: Option<String>,
}

/// The result of the last drift detection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StackDrift {
    pub(crate) drifted: bool,
    pub(crate) checked: Timestamp,
}

/// A resource of a stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StackResource {
    pub(crate) logical: String,
    pub(crate) status: ResourceStatus,
    pub(crate) reason: Option<String>,
    pub(crate) updated: Timestamp,
    /// The resource as it is now.
    pub(crate) live: Live,
    /// How to take the running update back.
    pub(crate) undo: Option<Undo>,
    /// Instances that a replacement or its rollback left behind, to be deleted at the end.
    #[serde(default)]
    pub(crate) leftovers: Vec<Live>,
    pub(crate) drift: Option<(ResourceDriftStatus, Timestamp)>,
}

/// A resource as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Live {
    pub(crate) kind: String,
    /// Absent until the resource exists.
    pub(crate) physical: Option<String>,
    /// Resolved properties as declared, without the tags of the stack.
    pub(crate) properties: Value,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) metadata: Option<Value>,
    pub(crate) deletion_policy: Option<String>,
    pub(crate) update_replace_policy: Option<String>,
    /// Resources that were there before it and go after it.
    pub(crate) needs: Vec<String>,
    /// Names of the exports that its properties import.
    pub(crate) imports: Vec<String>,
}

/// How to take a change of a resource back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Undo {
    /// It was added.
    Remove,
    /// It was changed in place or replaced.
    Restore(Box<Live>),
}

impl Stack {
    /// The key of the row.
    pub(crate) fn key(&self) -> String {
        let uuid = self.id.rsplit('/').next().unwrap_or_default();
        self.scope.key(&format!("{}/{uuid}", self.name))
    }

    /// The status of the drift as AWS writes it.
    pub(crate) fn drift_text(&self) -> &'static str {
        match &self.drift {
            None => "NOT_CHECKED",
            Some(drift) if drift.drifted => "DRIFTED",
            Some(_) => "IN_SYNC",
        }
    }
}
