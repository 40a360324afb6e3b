//! What EventBridge keeps: buses and rules with their targets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AwsError, Call, Scope};

/// The bus that every account has.
pub(super) const DEFAULT: &str = "default";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Bus {
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) description: Option<String>,
    pub(super) policy: Option<String>,
    /// Encryption key, dead-letter queue, logging: kept as they were given.
    pub(super) settings: BTreeMap<String, Value>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
}

impl Bus {
    pub(super) fn arn(&self) -> String {
        self.scope
            .arn("events", &format!("event-bus/{}", self.name))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) bus: String,
    pub(super) scope: Scope,
    pub(super) pattern: Option<String>,
    pub(super) schedule: Option<String>,
    pub(super) state: String,
    pub(super) description: Option<String>,
    pub(super) role: Option<String>,
    pub(super) targets: Vec<Value>,
    pub(super) tags: BTreeMap<String, String>,
    /// When the schedule began to count.
    pub(super) anchor: Timestamp,
    /// When the schedule fires next.
    pub(super) next: Option<Timestamp>,
}

impl Rule {
    pub(super) fn key(&self) -> String {
        rule_key(&self.scope, &self.bus, &self.name)
    }

    pub(super) fn arn(&self) -> String {
        let place = if self.bus == DEFAULT {
            format!("rule/{}", self.name)
        } else {
            format!("rule/{}/{}", self.bus, self.name)
        };
        self.scope.arn("events", &place)
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.state != "DISABLED"
    }
}

pub(super) fn rule_key(scope: &Scope, bus: &str, name: &str) -> String {
    scope.key(&format!("{bus}/{name}"))
}

/// The name of the bus that a member names, by name or ARN; the default one else.
pub(super) fn bus_name<'c>(call: &'c Call, member: &str) -> &'c str {
    use crate::params::Params;
    let given = call.input.filled(member).unwrap_or(DEFAULT);
    given.rsplit('/').next().unwrap_or(given)
}

pub(super) fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceNotFoundException", message)
}
