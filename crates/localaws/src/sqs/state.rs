//! What SQS keeps: queues and messages.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Scope;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Queue {
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    /// What was set; defaults are not stored.
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) purged: Option<Timestamp>,
}

/// Where a queue's messages go that were received too often.
pub(super) struct Redrive {
    pub(super) target: String,
    pub(super) most: u64,
}

impl Queue {
    pub(super) fn key(&self) -> String {
        self.scope.key(&self.name)
    }

    pub(super) fn arn(&self) -> String {
        self.scope.arn("sqs", &self.name)
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }

    /// Whether a flag such as `ContentBasedDeduplication` is on.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.attributes.get(name).map(String::as_str) == Some("true")
    }

    /// A number that was set, or its default.
    pub(super) fn number(&self, name: &str) -> i64 {
        let set = self.attributes.get(name).map(String::as_str);
        let text = set.or(super::attributes::default(name));
        text.and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    pub(super) fn seconds(&self, name: &str) -> SignedDuration {
        SignedDuration::from_secs(self.number(name))
    }

    pub(super) fn redrive(&self) -> Option<Redrive> {
        parse_redrive(self.attributes.get("RedrivePolicy")?)
    }
}

/// Reads a redrive policy; clients write the count as a number or as a text.
pub(super) fn parse_redrive(policy: &str) -> Option<Redrive> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let most = match policy.get("maxReceiveCount")? {
        Value::String(text) => text.parse().ok()?,
        number => number.as_u64()?,
    };
    let target = policy.get("deadLetterTargetArn")?.as_str()?.to_owned();
    Some(Redrive { target, most })
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    /// Place in the order in which messages came.
    pub(super) sequence: u64,
    pub(super) body: String,
    /// By name: `{ DataType, StringValue | BinaryValue }`.
    pub(super) attributes: BTreeMap<String, Value>,
    /// System attributes that do not change: `SentTimestamp`, `MessageGroupId` …
    pub(super) system: BTreeMap<String, String>,
    pub(super) sent: Timestamp,
    /// Nobody receives the message before this.
    pub(super) visible: Timestamp,
    pub(super) received: u64,
    pub(super) first_received: Option<Timestamp>,
    /// The handle that was given out last.
    pub(super) receipt: Option<String>,
}

impl Message {
    pub(super) fn group(&self) -> Option<&str> {
        self.system.get("MessageGroupId").map(String::as_str)
    }

    /// Received, and neither deleted nor visible again.
    pub(super) fn in_flight(&self, now: Timestamp) -> bool {
        self.receipt.is_some() && self.visible > now
    }
}

/// A deduplication id that was used within the last five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) at: Timestamp,
    pub(super) id: String,
    pub(super) sequence: u64,
}

/// The key of a queue's messages; sorts as they came.
pub(super) fn message_key(queue: &str, sequence: u64) -> String {
    format!("{queue}/{sequence:020}")
}
