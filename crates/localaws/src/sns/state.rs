//! What SNS keeps: topics, subscriptions, and the mail and short messages nobody sends from here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Topic {
    pub(super) name: String,
    pub(super) scope: Scope,
    /// What was set; defaults are not stored.
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    /// Subscriptions that were deleted.
    pub(super) deleted: u64,
    /// The last sequence number of a FIFO topic.
    pub(super) sequence: u64,
}

impl Topic {
    pub(super) fn key(&self) -> String {
        self.scope.key(&self.name)
    }

    pub(super) fn arn(&self) -> String {
        self.scope.arn("sns", &self.name)
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Subscription {
    pub(super) arn: String,
    pub(super) topic: String,
    pub(super) owner: String,
    pub(super) protocol: String,
    pub(super) endpoint: String,
    pub(super) attributes: BTreeMap<String, String>,
    /// What confirms the subscription; `None` once it is confirmed.
    pub(super) token: Option<String>,
}

impl Subscription {
    pub(super) fn is_raw(&self) -> bool {
        self.attributes
            .get("RawMessageDelivery")
            .map(String::as_str)
            == Some("true")
    }
}

/// A mail or short message as it would have been sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Mail {
    pub(super) at: Timestamp,
    pub(super) protocol: String,
    pub(super) to: String,
    pub(super) topic: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) text: String,
}

/// What identifies a topic's subscriptions among all.
pub(super) fn subscription_prefix(topic_key: &str) -> String {
    format!("{topic_key}:")
}

/// The key of a topic or subscription from its ARN: `<account>/<region>/<name>[:<id>]`.
pub(super) fn key_of(call: &Call, arn: &str) -> Option<String> {
    let arn = crate::arn::Arn::parse(arn).filter(|arn| arn.service == "sns")?;
    Some(arn.scope(&call.scope).key(arn.resource))
}
