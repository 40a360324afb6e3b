//! What Scheduler keeps: groups and schedules.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use recurrence::Recurrence;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::params::Params;
use crate::{AwsError, Scope};

/// The group that every account has.
pub(super) const DEFAULT: &str = "default";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

impl Group {
    pub(super) fn arn(&self) -> String {
        let name = &self.name;
        self.scope
            .arn("scheduler", &format!("schedule-group/{name}"))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Schedule {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) scope: Scope,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    /// What was given, by the names of the API: expression, zone, target, window …
    pub(super) members: Map<String, Value>,
    /// The token of the call that made it.
    #[serde(default)]
    pub(super) token: Option<String>,
    /// When it fires next; `None` when it is disabled or over.
    pub(super) next: Option<Timestamp>,
}

impl Schedule {
    pub(super) fn key(&self) -> String {
        schedule_key(&self.scope, &self.group, &self.name)
    }

    pub(super) fn arn(&self) -> String {
        let (group, name) = (&self.group, &self.name);
        self.scope
            .arn("scheduler", &format!("schedule/{group}/{name}"))
    }

    pub(super) fn recurrence(&self) -> Option<Recurrence> {
        Recurrence::parse(self.members.text("ScheduleExpression")?)
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.members.text("State") != Some("DISABLED")
    }

    /// Whether nothing comes any more although it is enabled.
    pub(super) fn is_over(&self) -> bool {
        self.next.is_none() && self.is_enabled()
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        self.members.text(name)?.parse().ok()
    }

    /// When it fires next after `after`, within its start and end.
    pub(super) fn following(&self, after: Timestamp) -> Option<Timestamp> {
        if !self.is_enabled() {
            return None;
        }
        let recurrence = self.recurrence()?;
        let zone = zone(self.members.text("ScheduleExpressionTimezone")).ok()?;
        if matches!(recurrence, Recurrence::At(_)) {
            return recurrence.next(after, after, &zone);
        }
        let start = self.time("StartDate");
        let anchor = start.unwrap_or(self.modified);
        // A rate begins with the start, a cron expression with the first match from it on.
        let moment = jiff::SignedDuration::from_millis(1);
        let before_start = start.and_then(|start| start.checked_sub(moment).ok());
        let after = before_start.map_or(after, |start| after.max(start));
        let next = recurrence.next(after, anchor, &zone)?;
        let end = self.time("EndDate");
        (end.is_none_or(|end| next <= end)).then_some(next)
    }
}

pub(super) fn schedule_key(scope: &Scope, group: &str, name: &str) -> String {
    scope.key(&format!("{group}/{name}"))
}

/// The time zone of a schedule, UTC unless one is named.
pub(super) fn zone(name: Option<&str>) -> Result<TimeZone, AwsError> {
    match name {
        None | Some("UTC") => Ok(TimeZone::UTC),
        Some(name) => TimeZone::get(name).map_err(|_| {
            AwsError::validation(format!(
                "Provided ScheduleExpressionTimezone is not valid: {name}"
            ))
        }),
    }
}

pub(super) fn not_found(what: &str, name: &str) -> AwsError {
    let message = format!("{what} {name} does not exist.");
    AwsError::new("ResourceNotFoundException", message).with_status(404)
}

pub(super) fn conflict(what: &str, name: &str) -> AwsError {
    let message = format!("{what} {name} already exists.");
    AwsError::new("ConflictException", message).with_status(409)
}

/// Names of groups and schedules.
pub(super) fn check_name(name: &str) -> Result<(), AwsError> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(good) {
        return Ok(());
    }
    Err(AwsError::validation(format!(
        "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+"
    )))
}
