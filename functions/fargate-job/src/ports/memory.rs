//! The ports' twin in memory, for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};

use super::{Definitions, Events, Files, Locks, Notes, Runs, Tails, Tasks};
use crate::Error;
use crate::lock::{Lock, Waiter};

/// Everything that AWS keeps.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) lock: Lock,
    pub(crate) waiters: BTreeMap<String, Waiter>,
    pub(crate) dropped_locks: Vec<String>,
    pub(crate) rows: BTreeMap<(String, String), Value>,
    /// Status of executions by ARN; those that are missing run.
    pub(crate) statuses: BTreeMap<String, String>,
    pub(crate) stopped_runs: Vec<String>,
    /// Tokens that were answered, with the decision.
    pub(crate) woken: Vec<(String, Value)>,
    /// Tokens of which nobody waits for the answer.
    pub(crate) void_tokens: Vec<String>,
    pub(crate) tasks: Vec<Value>,
    pub(crate) stopped_tasks: Vec<String>,
    pub(crate) definitions: BTreeMap<String, Value>,
    pub(crate) registered: Vec<Value>,
    pub(crate) digests: BTreeMap<String, String>,
    pub(crate) logs: BTreeMap<String, Vec<String>>,
    pub(crate) events: Vec<Value>,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Another writer, who acts once before the next swap.
    pub(crate) rival: Option<fn(&mut State)>,
}

/// The twin.
#[derive(Default)]
pub(crate) struct Memory(Mutex<State>);

impl Memory {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl Locks for Memory {
    async fn lock(&self, _: &str) -> Result<Lock, Error> {
        Ok(self.state().lock.clone())
    }

    async fn swap(&self, _: &str, version: u64, lock: &Lock) -> Result<bool, Error> {
        let mut state = self.state();
        if let Some(rival) = state.rival.take() {
            rival(&mut state);
        }
        let same = state.lock.version == version;
        if same {
            state.lock = lock.clone();
        }
        Ok(same)
    }

    async fn drop_lock(&self, _: &str, key: &str) -> Result<(), Error> {
        self.state().dropped_locks.push(key.to_owned());
        Ok(())
    }

    async fn first_waiter(&self, _: &str) -> Result<Option<Waiter>, Error> {
        Ok(self.state().waiters.values().next().cloned())
    }

    async fn waiter(&self, _: &str, key: &str) -> Result<Option<Waiter>, Error> {
        Ok(self.state().waiters.get(key).cloned())
    }

    async fn put_waiter(&self, _: &str, waiter: &Waiter) -> Result<(), Error> {
        let waiters = &mut self.state().waiters;
        waiters.insert(waiter.key.clone(), waiter.clone());
        Ok(())
    }

    async fn delete_waiter(&self, _: &str, key: &str) -> Result<(), Error> {
        self.state().waiters.remove(key);
        Ok(())
    }
}

impl Notes for Memory {
    async fn put_row(&self, _: &str, row: &Value, only_new: bool) -> Result<bool, Error> {
        let text = |member: &str| row[member].as_str().unwrap().to_owned();
        let key = (text("pk"), text("sk"));
        let rows = &mut self.state().rows;
        if only_new && rows.contains_key(&key) {
            return Ok(false);
        }
        rows.insert(key, row.clone());
        Ok(true)
    }

    async fn row(&self, _: &str, pk: &str, sk: &str) -> Result<Option<Value>, Error> {
        let key = (pk.to_owned(), sk.to_owned());
        Ok(self.state().rows.get(&key).cloned())
    }
}

impl Runs for Memory {
    async fn status(&self, arn: &str) -> Result<Option<String>, Error> {
        let status = self.state().statuses.get(arn).cloned();
        Ok(Some(status.unwrap_or_else(|| "RUNNING".to_owned())))
    }

    async fn stop_run(&self, arn: &str, _: &str, _: &str) -> Result<(), Error> {
        let mut state = self.state();
        state.stopped_runs.push(arn.to_owned());
        state.statuses.insert(arn.to_owned(), "ABORTED".to_owned());
        Ok(())
    }

    async fn wake(&self, token: &str, output: &Value) -> Result<bool, Error> {
        let mut state = self.state();
        if state.void_tokens.iter().any(|void| void == token) {
            return Ok(false);
        }
        state.woken.push((token.to_owned(), output.clone()));
        Ok(true)
    }
}

impl Tasks for Memory {
    async fn list(&self, _: &str, _: &str) -> Result<Vec<String>, Error> {
        let state = self.state();
        let arns = state
            .tasks
            .iter()
            .filter_map(|task| task["taskArn"].as_str());
        Ok(arns.map(str::to_owned).collect())
    }

    async fn describe(&self, _: &str, tasks: &[String]) -> Result<Vec<Value>, Error> {
        let state = self.state();
        let wanted = |task: &&Value| tasks.iter().any(|arn| task["taskArn"] == *arn);
        Ok(state.tasks.iter().filter(wanted).cloned().collect())
    }

    async fn stop_task(&self, _: &str, task: &str, reason: &str) -> Result<(), Error> {
        self.state().stopped_tasks.push(format!("{task} {reason}"));
        Ok(())
    }
}

impl Definitions for Memory {
    async fn definition(&self, name: &str) -> Result<Option<Value>, Error> {
        Ok(self.state().definitions.get(name).cloned())
    }

    async fn register(&self, definition: &Value) -> Result<String, Error> {
        let mut state = self.state();
        state.registered.push(definition.clone());
        let family = definition["family"].as_str().unwrap();
        Ok(format!("{family}:{}", state.registered.len()))
    }

    async fn digest(&self, _: &str, repository: &str, tag: &str) -> Result<Option<String>, Error> {
        let name = format!("{repository}:{tag}");
        Ok(self.state().digests.get(&name).cloned())
    }
}

impl Tails for Memory {
    async fn tail(&self, _: &str, stream: &str, lines: u32) -> Result<Vec<String>, Error> {
        let logs = self.state().logs.get(stream).cloned().unwrap_or_default();
        let skipped = logs.len().saturating_sub(lines as usize);
        Ok(logs.into_iter().skip(skipped).collect())
    }
}

impl Events for Memory {
    async fn publish(&self, entry: &Value) -> Result<(), Error> {
        self.state().events.push(entry.clone());
        Ok(())
    }
}

impl Files for Memory {
    async fn put(&self, _: &str, key: &str, body: Vec<u8>) -> Result<(), Error> {
        self.state().files.insert(key.to_owned(), body);
        Ok(())
    }

    async fn get(&self, _: &str, key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.state().files.get(key).cloned())
    }

    async fn keys(&self, _: &str, prefix: &str) -> Result<Vec<String>, Error> {
        let state = self.state();
        let keys = state.files.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.cloned().collect())
    }
}

/// A stopped or living task of a group.
pub(crate) fn task(arn: &str, group: &str, status: &str) -> Value {
    json!({ "taskArn": arn, "group": group, "lastStatus": status })
}
