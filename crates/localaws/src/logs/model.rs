//! What the service keeps, and how a call names it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Logs;

/// A log group. All times are milliseconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) created: i64,
    /// Days; `None` keeps events for ever.
    pub(super) retention: Option<i64>,
    pub(super) class: String,
    pub(super) kms_key: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
}

/// A log stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stream {
    pub(super) name: String,
    pub(super) created: i64,
    pub(super) first_event: Option<i64>,
    pub(super) last_event: Option<i64>,
    pub(super) last_ingestion: Option<i64>,
    /// Number of events ever put, which makes their ids unique.
    pub(super) puts: u64,
}

/// A log event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) stream: String,
    pub(super) time: i64,
    pub(super) ingested: i64,
    pub(super) message: String,
}

/// Who may write to the account's log groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ResourcePolicy {
    pub(super) document: String,
    pub(super) updated: i64,
}

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", message)
}

pub(super) fn no_group() -> AwsError {
    AwsError::new(
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )
}

pub(super) fn no_stream() -> AwsError {
    AwsError::new(
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
    )
}

/// The group's ARN without the `:*` that stands for its streams.
pub(super) fn group_arn(scope: &Scope, group: &str) -> String {
    scope.arn("logs", &format!("log-group:{group}"))
}

/// Key of a stream, and prefix of the keys of its events when `:` follows.
pub(super) fn stream_key(scope: &Scope, group: &str, stream: &str) -> String {
    format!("{}:{stream}", scope.key(group))
}

/// `name` from a name or from an ARN with or without `:*`.
pub(super) fn group_of_identifier(identifier: &str) -> &str {
    match identifier.split_once(":log-group:") {
        Some((_, name)) => name.strip_suffix(":*").unwrap_or(name),
        None => identifier,
    }
}

impl Logs {
    /// The group that a call names by `logGroupName` or `logGroupIdentifier`.
    pub(super) fn named_group(&self, call: &Call) -> Result<Group, AwsError> {
        let name = call.input.filled("logGroupName");
        let identifier = call.input.filled("logGroupIdentifier");
        let group = match (name, identifier) {
            (Some(name), None) => name,
            (None, Some(identifier)) => group_of_identifier(identifier),
            (Some(_), Some(_)) => {
                return Err(invalid(
                    "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
                ));
            }
            (None, None) => {
                return Err(invalid(
                    "Either logGroupName or logGroupIdentifier must be given",
                ));
            }
        };
        self.groups.get(&call.scope.key(group)).ok_or_else(no_group)
    }

    /// Milliseconds since 1970 now.
    pub(super) fn now(&self) -> i64 {
        self.aws.clock().now().as_millisecond()
    }

    /// Events of a group older than this have expired.
    pub(super) fn horizon(&self, group: &Group) -> i64 {
        match group.retention {
            Some(days) => self.now() - days * 86_400_000,
            None => i64::MIN,
        }
    }
}
