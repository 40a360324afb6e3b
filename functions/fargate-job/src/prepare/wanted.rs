//! What a run is to do, once its input has been read.

use std::collections::BTreeMap;

use serde_json::Value;

use super::input::{Answer, Overlap};
use crate::settings::Settings;

/// What a run is to do.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) command: Option<Vec<String>>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) container: Option<String>,
    pub(super) image: Option<String>,
    pub(super) cpu: Option<u64>,
    pub(super) memory: Option<u64>,
    pub(super) task_role: Option<String>,
    pub(super) overlap: Overlap,
    pub(super) queue_seconds: u64,
    pub(super) timeout_seconds: u64,
    pub(super) attempts: u64,
    pub(super) backoff_seconds: u64,
    pub(super) max_backoff_seconds: u64,
    pub(super) on_failure: BTreeMap<String, Answer>,
    pub(super) spot: bool,
    pub(super) spot_interruptions: u64,
    pub(super) array: Option<Array>,
    pub(super) idempotency_key: Option<String>,
    pub(super) trigger: Value,
    pub(super) message: Option<Value>,
    pub(super) event: Option<Value>,
}

/// An array run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) items: Items,
    pub(super) concurrency: u64,
    pub(super) tolerated: u64,
}

/// The items of an array run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Items {
    Given(Vec<Value>),
    Range(u64, u64),
    FailedOf(String),
}

/// The container that command and environment are for and whose exit code counts: the one that the
/// input or the deployment names, else the first essential one.
pub(super) fn container(
    definition: &Value,
    settings: &Settings,
    wanted: &Wanted,
    faults: &mut Vec<String>,
) -> Value {
    let containers = definition["containerDefinitions"].as_array();
    let containers = containers.map(Vec::as_slice).unwrap_or_default();
    let deployed = Some(settings.container.as_str()).filter(|name| !name.is_empty());
    let named = wanted.container.as_deref().or(deployed);
    let found = match named {
        Some(name) => containers.iter().find(|one| one["name"] == name),
        None => containers.iter().find(|one| one["essential"] != false),
    };
    if let Some(found) = found {
        return found.clone();
    }
    let names = containers.iter().filter_map(|one| one["name"].as_str());
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    faults.push(format!(
        "the container `{}` is not in the task definition `{}`, which has {}",
        named.unwrap_or_default(),
        settings.task_definition,
        names.join(", ")
    ));
    Value::Null
}
