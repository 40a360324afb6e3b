//! What the rest of the workflow needs to know of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::array::{ITEMS, Item};
use super::image::{Pinned, pinned_family};
use super::input::{Answer, Overlap};
use super::lock_of;
use super::overrides::Overrides;
use super::wanted::Wanted;
use crate::Run;
use crate::settings::Settings;

/// A prepared run. Its size does not depend on the number of items of an array.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Key of the lock that the run takes.
    pub lock: String,
    /// Seconds that it waits in the queue at most.
    pub queue_seconds: u64,
    /// Seconds that an attempt may take.
    pub timeout_seconds: u64,
    /// Whether the first attempt is on Spot.
    pub spot: bool,
    /// The task of the run.
    pub task: Task,
    /// What follows failures.
    pub policy: Policy,
    /// The array, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<Array>,
    /// What a child of the array needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child: Option<Value>,
    /// For [`contend`](crate::contend).
    pub contention: Contention,
    /// For [`finish`](crate::finish).
    pub record: Record,
}

/// The task that is run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// Name of the cluster.
    pub cluster: String,
    /// ARN of the task definition.
    pub task_definition: String,
    /// Families that tasks of the job can be of.
    pub families: Vec<String>,
    /// Group that the tasks of the run have; those of an array have the index behind it.
    pub group: String,
    /// Container whose exit code counts.
    pub container: String,
    /// Network configuration, as `RunTask` takes it.
    pub network: Value,
    /// Overrides of the task, as `RunTask` takes them.
    pub overrides: Value,
    /// Override of the container, but for its environment.
    pub container_override: Value,
    /// Variables of the container.
    pub environment: Vec<Value>,
    /// Where the container logs; none if that is not in CloudWatch Logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<ContainerLog>,
}

/// Where a container logs: the streams are `<prefix>/<container>/<task id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerLog {
    /// Log group.
    pub group: String,
    /// Prefix of the streams.
    pub prefix: String,
}

/// What follows failures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Attempts, the first included.
    pub attempts: u64,
    /// Seconds before the second attempt.
    pub backoff_seconds: u64,
    /// The longest wait.
    pub max_backoff_seconds: u64,
    /// Interruptions after which Spot is given up.
    pub spot_interruptions: u64,
    /// Answers by class of failure.
    pub on_failure: BTreeMap<String, Answer>,
}

/// An array run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Array {
    /// Items.
    pub count: u64,
    /// Items at the same time.
    pub concurrency: u64,
    /// Items that may fail.
    pub tolerated: u64,
    /// Bucket of the results.
    pub bucket: String,
    /// Key of the items.
    pub items_key: String,
    /// Prefix of the results.
    pub map_prefix: String,
}

/// What is needed to decide about a lock that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contention {
    /// Table of the job.
    pub table: String,
    /// What the run does while another one goes on.
    pub overlap: Overlap,
    /// Runs that may wait.
    pub queue_limit: u64,
    /// Cluster in which runs have their tasks.
    pub cluster: String,
    /// Families that tasks of the job can be of.
    pub families: Vec<String>,
    /// What precedes a run's name in the group of its tasks.
    pub group_prefix: String,
}

/// What the history says of a run whatever becomes of it. Members are missing where a run did not
/// get that far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Name of the stack.
    pub job: Option<String>,
    /// Table of the job.
    pub table: Option<String>,
    /// Days for which the row is kept.
    pub history_days: Option<u32>,
    /// Key of the lock.
    pub lock: Option<String>,
    /// Who or what started the run.
    pub trigger: Option<Value>,
    /// The image, with its digest where that is known.
    pub image: Option<String>,
}

impl Record {
    /// With another record's members where this one has none.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            job: self.job.or(other.job),
            table: self.table.or(other.table),
            history_days: self.history_days.or(other.history_days),
            lock: self.lock.or(other.lock),
            trigger: self.trigger.or(other.trigger),
            image: self.image.or(other.image),
        }
    }
}

/// What a prepared run is put together from.
pub(super) struct Parts<'a> {
    pub(super) run: &'a Run,
    pub(super) settings: &'a Settings,
    pub(super) wanted: &'a Wanted,
    pub(super) definition: &'a Value,
    pub(super) container: &'a Value,
    pub(super) overrides: Overrides,
    pub(super) pinned: &'a Pinned,
    pub(super) items: Option<&'a [Item]>,
}

impl Parts<'_> {
    pub(super) fn job(self) -> Job {
        let (run, settings, wanted) = (self.run, self.settings, self.wanted);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let group_prefix = format!("job:{}:", settings.job);
        let mut families = vec![text(&self.definition["family"]), pinned_family(settings)];
        families.dedup();
        let array = self
            .items
            .zip(wanted.array.as_ref())
            .map(|(items, array)| Array {
                count: items.len() as u64,
                concurrency: array.concurrency,
                tolerated: array.tolerated,
                bucket: settings.bucket.clone(),
                items_key: run.key(ITEMS),
                map_prefix: run.key("map"),
            });
        let task = Task {
            cluster: settings.cluster.clone(),
            task_definition: text(&self.definition["taskDefinitionArn"]),
            families: families.clone(),
            group: format!("{group_prefix}{}", run.name),
            container: text(&self.container["name"]),
            network: network(settings),
            overrides: self.overrides.task,
            container_override: self.overrides.container,
            environment: self.overrides.environment,
            log: log_of(self.container),
        };
        let policy = Policy {
            attempts: wanted.attempts,
            backoff_seconds: wanted.backoff_seconds,
            max_backoff_seconds: wanted.max_backoff_seconds,
            spot_interruptions: wanted.spot_interruptions,
            on_failure: wanted.on_failure.clone(),
        };
        let child = array.as_ref().map(|_| {
            json!({
                "timeoutSeconds": wanted.timeout_seconds, "task": task, "policy": policy,
            })
        });
        Job {
            lock: lock_of(run, wanted.overlap),
            queue_seconds: wanted.queue_seconds,
            timeout_seconds: wanted.timeout_seconds,
            spot: wanted.spot,
            contention: Contention {
                table: settings.table.clone(),
                overlap: wanted.overlap,
                queue_limit: settings.queue_limit,
                cluster: settings.cluster.clone(),
                families,
                group_prefix,
            },
            record: Record {
                job: Some(settings.job.clone()),
                table: Some(settings.table.clone()),
                history_days: Some(settings.history_days),
                lock: Some(lock_of(run, wanted.overlap)),
                trigger: Some(wanted.trigger.clone()),
                image: Some(self.pinned.image.clone()),
            },
            task,
            policy,
            array,
            child,
        }
    }
}

fn network(settings: &Settings) -> Value {
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut network = json!({
        "Subnets": list(&settings.subnets), "AssignPublicIp": settings.assign_public_ip,
    });
    if !settings.security_groups.is_empty() {
        network["SecurityGroups"] = json!(list(&settings.security_groups));
    }
    json!({ "AwsvpcConfiguration": network })
}

fn log_of(container: &Value) -> Option<ContainerLog> {
    let log = &container["logConfiguration"];
    let option = |name: &str| log["options"][name].as_str().map(str::to_owned);
    if log["logDriver"] != "awslogs" {
        return None;
    }
    Some(ContainerLog {
        group: option("awslogs-group")?,
        prefix: option("awslogs-stream-prefix")?,
    })
}
