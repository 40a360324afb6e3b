//! Tasks: what runs, from `PROVISIONING` to `STOPPED`.

mod check;
mod containers;
mod dependencies;
mod describe_tasks;
mod environment;
mod health;
mod life;
mod list_tasks;
mod live;
mod log;
mod member;
mod pull;
mod run_task;
mod shown;
mod state_change;
mod stop_task;
mod strategy;
mod struck;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Inner;
use super::tag::Tags;
use crate::Scope;
use crate::params::Params;
pub(super) use live::Live;

/// Where a task is in its life. `DEACTIVATING` takes no time here: there are no load balancers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Provisioning,
    Pending,
    Activating,
    Running,
    Stopping,
    Deprovisioning,
    Stopped,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// Why a task stops: AWS's code and the reason in words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stop {
    pub(super) code: String,
    pub(super) reason: String,
}

impl Stop {
    fn new(code: &str, reason: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            reason: reason.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) scope: Scope,
    pub(super) cluster: String,
    pub(super) id: String,
    /// The task definition's ARN, and what it said when the task was started.
    definition_arn: String,
    family: String,
    definition: Value,
    /// As the API has them.
    overrides: Value,
    launch_type: String,
    capacity_provider: Option<String>,
    platform_version: Option<String>,
    group: String,
    started_by: Option<String>,
    client_token: Option<String>,
    /// The call that started it, where that had a token.
    #[serde(default)]
    request: Option<Value>,
    /// The subnet of the network interface, for tasks that have one of their own.
    subnet: Option<String>,
    zone: String,
    execute_command: bool,
    pub(super) tags: Tags,
    pub(super) last_status: Status,
    /// Set when the task shall stop.
    stop: Option<Stop>,
    version: u64,
    containers: Vec<ContainerState>,
    times: Times,
}

/// When what happened.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Times {
    created: Timestamp,
    connected: Option<Timestamp>,
    pull_started: Option<Timestamp>,
    pull_stopped: Option<Timestamp>,
    started: Option<Timestamp>,
    stopping: Option<Timestamp>,
    execution_stopped: Option<Timestamp>,
    stopped: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ContainerState {
    id: String,
    name: String,
    image: String,
    /// Of the image, once it was pulled and where it is known.
    #[serde(default)]
    digest: Option<String>,
    cpu: String,
    memory: Option<String>,
    status: Status,
    runtime_id: Option<String>,
    /// By what the engine finds it again.
    mark: Option<String>,
    exit_code: Option<i64>,
    reason: Option<String>,
    /// What its health check says; without one nobody knows.
    #[serde(default)]
    healthy: Option<bool>,
}

impl Task {
    pub(super) fn arn(&self) -> String {
        let place = format!("task/{}/{}", self.cluster, self.id);
        self.scope.arn("ecs", &place)
    }

    fn key(&self) -> String {
        self.scope.key(&format!("{}/{}", self.cluster, self.id))
    }

    fn cluster_arn(&self) -> String {
        self.scope.arn("ecs", &format!("cluster/{}", self.cluster))
    }

    /// The override of a container.
    fn container_override(&self, name: &str) -> Option<&Value> {
        let overrides = self.overrides.items("containerOverrides").iter();
        overrides.rev().find(|one| one.text("name") == Some(name))
    }

    /// A member of the task definition, unless the task overrides it.
    fn text(&self, name: &str) -> Option<&str> {
        let given = self.overrides.filled(name);
        given.or_else(|| self.definition.filled(name))
    }
}

impl Inner {
    /// Notes where a task is in between: AWS sends no event of it, and does not count it.
    fn pass_through(&self, key: &str, status: Status) {
        self.tasks.update(key, |task| task.last_status = status);
    }

    /// Changes a task, and tells everyone.
    fn change(&self, key: &str, change: impl FnOnce(&mut Task)) -> Option<Task> {
        let changed = self.tasks.update(key, |task| {
            change(task);
            task.version += 1;
            task.clone()
        });
        if let Some(task) = &changed {
            self.announce(task);
            self.aws.changes().tell(&task.arn());
        }
        changed
    }
}
