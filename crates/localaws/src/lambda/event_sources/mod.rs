//! Event source mappings: functions that are called with the messages of a queue.
//!
//! Only SQS. Filter criteria are refused.

mod create;
mod manage;
mod poller;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Scope;

pub(super) use poller::Pollers;

/// A mapping.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Mapping {
    pub(super) scope: Scope,
    pub(super) uuid: String,
    /// Name or ARN of the function, with its qualifier where there is one.
    pub(super) function: String,
    pub(super) queue_arn: String,
    /// Everything that the API shows.
    pub(super) shown: Map<String, Value>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

impl Mapping {
    fn enabled(&self) -> bool {
        self.shown.get("State").and_then(Value::as_str) == Some("Enabled")
    }
}
