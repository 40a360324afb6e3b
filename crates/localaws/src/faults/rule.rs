//! A rule: where it holds, for what, how often, and what it does.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happens to tasks of ECS, beside its operations.
///
/// | point | what happens |
/// |---|---|
/// | `ecs:pull` | the image cannot be pulled |
/// | `ecs:capacity` | there is no capacity: the task waits in `PROVISIONING` for the rule's delay; without one it fails to start |
/// | `ecs:start` | the container cannot be started |
/// | `ecs:memory` | a container is killed for its use of memory, after the delay |
/// | `ecs:spot` | a task of Fargate Spot is interrupted, after the delay |
///
/// `when` is compared with the task as `DescribeTasks` shows it.
pub const HAPPENINGS: [&str; 5] = ["pull", "capacity", "start", "memory", "spot"];

/// A rule as it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Given {
    /// `service:Operation`, `service:*` or one of `ecs`'s happenings.
    pub at: String,
    /// Holds only where this text occurs in the parameters of the call, written as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Code of the error that is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Message of the error, or the reason of what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// HTTP status of the error, 400 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Answers as the service throttles.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub throttle: bool,
    /// Seconds on the clock before the call is answered, or before it happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<f64>,
    /// How often the rule holds; for ever unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Calls within a second of the clock that the rule leaves alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<u64>,
}

/// A rule that holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// By what it is taken back.
    pub id: String,
    /// What was asked for.
    #[serde(flatten)]
    pub given: Given,
    /// How often it was used.
    pub hits: u64,
    #[serde(skip)]
    service: String,
    #[serde(skip)]
    action: String,
    /// The running second, and the calls within it.
    #[serde(skip)]
    second: (i64, u64),
}

impl Rule {
    pub(super) fn new(id: String, given: Given) -> Result<Self, String> {
        let Some((service, action)) = given.at.split_once(':') else {
            return Err(format!(
                "`{}` is no point: it must be `service:Operation`",
                given.at
            ));
        };
        let happening = service == "ecs" && HAPPENINGS.contains(&action);
        let mut faults = Vec::new();
        match awsapi::service(service) {
            None => faults.push(format!("`{service}` is no service of AWS")),
            Some(_) if happening || action == "*" => {}
            Some(known) if known.operation(action).is_none() => {
                let mut alike = known.operations().map(|one| one.name());
                let alike = alike.find(|name| name.eq_ignore_ascii_case(action));
                let hint = alike.map_or_else(String::new, |name| {
                    format!(" (do you mean `{service}:{name}`?)")
                });
                faults.push(format!("`{}` is no operation{hint}", given.at));
            }
            Some(_) => {}
        }
        let seconds = given.delay.map(Duration::try_from_secs_f64);
        if matches!(seconds, Some(Err(_))) {
            faults.push("`delay` is no time in seconds".to_owned());
        }
        if given
            .status
            .is_some_and(|status| !(400..=599).contains(&status))
        {
            faults.push("`status` must be between 400 and 599".to_owned());
        }
        if given.error.is_some() && given.throttle {
            faults.push("`error` and `throttle` exclude each other".to_owned());
        }
        let acts = given.error.is_some() || given.throttle || matches!(seconds, Some(Ok(_)));
        if happening && (given.error.is_some() || given.throttle || given.status.is_some()) {
            faults.push(format!("`{}` is no call that could be answered", given.at));
        }
        if !happening && !acts {
            faults.push("a rule for calls needs `error`, `throttle` or `delay`".to_owned());
        }
        if !faults.is_empty() {
            return Err(faults.join("; "));
        }
        Ok(Self {
            id,
            service: service.to_owned(),
            action: action.to_owned(),
            given,
            hits: 0,
            second: (0, 0),
        })
    }

    /// The service that it is about.
    pub(super) fn service(&self) -> &str {
        &self.service
    }

    pub(crate) fn delay(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.given.delay?).ok()
    }

    pub(super) fn is_for(&self, service: &str, action: &str) -> bool {
        // What happens to tasks is no operation, so `*` does not mean it.
        let all = self.action == "*" && action.starts_with(|first: char| first.is_uppercase());
        self.service == service && (all || self.action == action)
    }

    pub(super) fn means<'t>(&self, subject: impl FnOnce() -> &'t str) -> bool {
        let when = self.given.when.as_deref();
        when.is_none_or(|when| subject().contains(when))
    }

    /// Whether its turn has come, and not yet gone.
    pub(super) fn applies(&mut self, now: Timestamp) -> bool {
        if self.given.times.is_some_and(|times| self.hits >= times) {
            return false;
        }
        let Some(free) = self.given.per_second else {
            return true;
        };
        let second = now.as_second();
        if self.second.0 != second {
            self.second = (second, 0);
        }
        self.second.1 += 1;
        self.second.1 > free
    }
}
