//! Task definitions: families of numbered revisions.

mod check;
mod delete_task_definitions;
mod deregister_task_definition;
mod describe_task_definition;
mod fargate_size;
mod list_task_definitions;
mod normal;
mod register_task_definition;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::names::last;
use super::tag::Tags;
use crate::Scope;
use crate::params::Params;

pub(super) use check::is_essential;
pub(super) use fargate_size::{no_such_size, size};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TaskDefinition {
    pub(super) scope: Scope,
    pub(super) family: String,
    pub(super) revision: u64,
    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub(super) status: String,
    /// What was registered, with the defaults that ECS fills in.
    pub(super) body: Value,
    pub(super) registered: Timestamp,
    pub(super) registered_by: String,
    pub(super) deregistered: Option<Timestamp>,
    pub(super) tags: Tags,
}

impl TaskDefinition {
    pub(super) fn arn(&self) -> String {
        let place = format!("task-definition/{}:{}", self.family, self.revision);
        self.scope.arn("ecs", &place)
    }

    pub(super) fn key(&self) -> String {
        key(&self.scope, &self.family, self.revision)
    }

    pub(super) fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    /// The containers as the API shows them.
    pub(super) fn containers(&self) -> &[Value] {
        self.body.items("containerDefinitions")
    }

    /// Whether tasks may run on Fargate.
    pub(super) fn suits_fargate(&self) -> bool {
        let compatible = self.body.texts("compatibilities");
        compatible.iter().any(|one| one == "FARGATE")
    }

    pub(super) fn shown(&self) -> Value {
        let mut shown = self.body.clone();
        shown["taskDefinitionArn"] = json!(self.arn());
        shown["family"] = json!(self.family);
        shown["revision"] = json!(self.revision);
        shown["status"] = json!(self.status);
        shown["registeredAt"] = json!(self.registered);
        shown["registeredBy"] = json!(self.registered_by);
        if let Some(time) = self.deregistered {
            shown["deregisteredAt"] = json!(time);
        }
        shown
    }
}

/// Sorts revisions by number.
fn key(scope: &Scope, family: &str, revision: u64) -> String {
    scope.key(&format!("{family}:{revision:010}"))
}

impl Inner {
    /// The definition that a text names: an ARN, `family:revision`, or a family, which means its
    /// newest active revision.
    pub(super) fn definition(&self, scope: &Scope, text: &str) -> Option<TaskDefinition> {
        let name = last(text);
        if let Some((family, revision)) = name.rsplit_once(':') {
            return self
                .definitions
                .get(&key(scope, family, revision.parse().ok()?));
        }
        let revisions = self.definitions.scan(&scope.key(&format!("{name}:")));
        let newest = revisions.into_iter().rev().map(|(_, found)| found);
        newest.into_iter().find(TaskDefinition::is_active)
    }
}
