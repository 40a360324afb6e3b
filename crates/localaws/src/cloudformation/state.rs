//! The tables of the service and how things are found in them.

use std::sync::atomic::{AtomicU64, Ordering};

use awsapi::AwsError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change_set::ChangeSet;
use super::drift::{Detection, ResourceDrift};
use super::stack::{Stack, StackResource};
use super::status::{ResourceStatus, StackStatus};
use crate::{Scope, Store, Table};

/// Everything that the service keeps.
#[derive(Debug)]
pub(crate) struct State {
    /// By [`Stack::key`].
    pub(crate) stacks: Table<Stack>,
    /// By stack key and logical id.
    pub(crate) resources: Table<StackResource>,
    /// By stack key and a number that grows.
    pub(crate) events: Table<Event>,
    /// By stack key and name.
    pub(crate) change_sets: Table<ChangeSet>,
    /// By scope and detection id.
    pub(crate) detections: Table<Detection>,
    /// By stack key and logical id.
    pub(crate) drifts: Table<ResourceDrift>,
    last_event: AtomicU64,
}

/// Something that happened to a stack or one of its resources.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) logical: String,
    pub(crate) physical: Option<String>,
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) at: Timestamp,
    pub(crate) properties: Option<Value>,
    pub(crate) token: Option<String>,
}

impl State {
    pub(crate) fn open(store: &Store) -> Self {
        let events: Table<Event> = store.table("cloudformation.events");
        let numbers = events.scan("");
        let numbers = numbers.iter().filter_map(|(key, _)| {
            let (_, number) = key.rsplit_once('/')?;
            number.parse().ok()
        });
        let last: u64 = numbers.max().unwrap_or_default();
        Self {
            stacks: store.table("cloudformation.stacks"),
            resources: store.table("cloudformation.resources"),
            change_sets: store.table("cloudformation.change_sets"),
            detections: store.table("cloudformation.detections"),
            drifts: store.table("cloudformation.drifts"),
            events,
            last_event: AtomicU64::new(last),
        }
    }

    pub(crate) fn add_event(&self, stack_key: &str, event: Event) {
        let number = self.last_event.fetch_add(1, Ordering::Relaxed) + 1;
        self.events.put(&format!("{stack_key}/{number:012}"), event);
    }

    /// A stack by name or id. A deleted stack is found by its id only.
    pub(crate) fn find(&self, scope: &Scope, name_or_id: &str) -> Option<Stack> {
        if name_or_id.starts_with("arn:") {
            let mut parts = name_or_id.split(':').skip(3);
            let (region, account) = (parts.next()?, parts.next()?);
            let (name, uuid) = parts.next()?.strip_prefix("stack/")?.split_once('/')?;
            return self
                .stacks
                .get(&format!("{account}/{region}/{name}/{uuid}"));
        }
        let named = self.stacks.scan(&scope.key(&format!("{name_or_id}/")));
        let mut named = named.into_iter().map(|(_, stack)| stack);
        named.find(|stack| stack.status != StackStatus::DeleteComplete)
    }

    /// A stack that must be there; the message is the one of `DescribeStacks`.
    pub(crate) fn stack(&self, scope: &Scope, name_or_id: &str) -> Result<Stack, AwsError> {
        self.find(scope, name_or_id)
            .ok_or_else(|| invalid(format!("Stack with id {name_or_id} does not exist")))
    }

    /// A stack that must exist and not be deleted, for operations that change it.
    pub(crate) fn living(&self, scope: &Scope, name_or_id: &str) -> Result<Stack, AwsError> {
        let found = self.find(scope, name_or_id);
        let living = found.filter(|stack| stack.status != StackStatus::DeleteComplete);
        living.ok_or_else(|| invalid(format!("Stack [{name_or_id}] does not exist")))
    }

    /// All stacks of a scope.
    pub(crate) fn all(&self, scope: &Scope) -> Vec<Stack> {
        let rows = self.stacks.scan(&scope.prefix());
        rows.into_iter().map(|(_, stack)| stack).collect()
    }

    /// The resources of a stack, sorted by logical id, deleted ones too.
    pub(crate) fn resources_of(&self, stack_key: &str) -> Vec<StackResource> {
        let rows = self.resources.scan(&format!("{stack_key}/"));
        rows.into_iter().map(|(_, resource)| resource).collect()
    }

    /// The stack that exports a name.
    pub(crate) fn exporter(&self, scope: &Scope, export: &str) -> Option<(Stack, String)> {
        self.all(scope).into_iter().find_map(|stack| {
            if stack.status == StackStatus::DeleteComplete {
                return None;
            }
            let outputs = stack.outputs.iter();
            let value = outputs
                .filter(|output| output.export.as_deref() == Some(export))
                .map(|output| output.value.clone())
                .next()?;
            Some((stack, value))
        })
    }

    /// Names of the stacks that import an export.
    pub(crate) fn importers(&self, scope: &Scope, export: &str) -> Vec<String> {
        let stacks = self.all(scope).into_iter();
        stacks
            .filter(|stack| stack.status != StackStatus::DeleteComplete)
            .filter(|stack| {
                let resources = self.resources_of(&stack.key());
                resources.iter().any(|resource| {
                    resource.status != ResourceStatus::DeleteComplete
                        && resource.live.imports.iter().any(|name| name == export)
                })
            })
            .map(|stack| stack.name)
            .collect()
    }
}

/// A `ValidationError`, which most faults of a call are.
pub(crate) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationError", message)
}
