//! Activities: queues of tasks that workers outside fetch.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asl::TaskId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;

use crate::{AwsError, Store, Table};

use super::errors;
use super::tags::Tags;

/// An activity as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Activity {
    pub arn: String,
    pub name: String,
    pub created: Timestamp,
    pub tags: Tags,
    pub encryption: Value,
}

/// A task that waits for a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub execution_arn: Arc<str>,
    pub task: TaskId,
    pub token: Arc<str>,
    pub input: String,
}

/// All activities and the tasks that wait in them.
///
/// Tasks are not stored: a running execution gives them back when it is resumed.
#[derive(Debug)]
pub(super) struct Activities {
    rows: Table<Activity>,
    queues: Mutex<HashMap<Arc<str>, Queue>>,
}

#[derive(Debug, Default)]
struct Queue {
    tasks: VecDeque<Waiting>,
    arrived: Arc<Notify>,
}

impl Activities {
    pub(super) fn open(store: &Store) -> Self {
        Self {
            rows: store.table("states.activities"),
            queues: Mutex::default(),
        }
    }

    pub(super) fn rows(&self) -> &Table<Activity> {
        &self.rows
    }

    pub(super) fn get(&self, arn: &str) -> Result<Activity, AwsError> {
        let found = self.rows.get(arn);
        found.ok_or_else(|| errors::no_such_activity(arn))
    }

    /// An activity's ARN, the same for all who keep it.
    pub(super) fn shared(&self, arn: &str) -> Arc<str> {
        let queues = self.queues();
        let known = queues.get_key_value(arn);
        known.map_or_else(|| Arc::from(arn), |(known, _)| Arc::clone(known))
    }

    /// Queues a task.
    pub(super) fn push(&self, arn: &Arc<str>, task: Waiting) {
        let mut queues = self.queues();
        let queue = queues.entry(Arc::clone(arn)).or_default();
        queue.tasks.push_back(task);
        queue.arrived.notify_one();
    }

    /// Takes the oldest task.
    pub(super) fn pop(&self, arn: &str) -> Option<Waiting> {
        let mut queues = self.queues();
        let queue = queues.get_mut(arn)?;
        let task = queue.tasks.pop_front();
        if !queue.tasks.is_empty() {
            // Several arrivals count as one notification, so the next worker is woken from here.
            queue.arrived.notify_one();
        }
        task
    }

    /// Wakes one worker for each task that arrives.
    pub(super) fn arrived(&self, arn: &str) -> Arc<Notify> {
        let mut queues = self.queues();
        Arc::clone(&queues.entry(Arc::from(arn)).or_default().arrived)
    }

    /// Takes a task out that nobody waits for any more.
    pub(super) fn cancel(&self, arn: &str, execution_arn: &str, task: TaskId) {
        if let Some(queue) = self.queues().get_mut(arn) {
            // The oldest time out first, so it is found at once also among very many.
            let gone =
                |other: &Waiting| other.task == task && *other.execution_arn == *execution_arn;
            if let Some(at) = queue.tasks.iter().position(gone) {
                queue.tasks.remove(at);
            }
        }
    }

    /// Takes an activity out. Its queued tasks time out, as on AWS.
    pub(super) fn remove(&self, arn: &str) {
        self.rows.remove(arn);
        self.queues().remove(arn);
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Arc<str>, Queue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
