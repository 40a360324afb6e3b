//! Executions as they are stored: everything but their history.
//!
//! Many may wait at once, so what their state machine gives them is shared and what most of them
//! do not have takes no room.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asl::{Kind, MapRunId, Outcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Store, Table};

use super::errors;

/// One execution.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Execution {
    pub arn: Arc<str>,
    pub machine_arn: Arc<str>,
    pub version_arn: Option<Arc<str>>,
    pub alias_arn: Option<Arc<str>>,
    /// Key of the revision that runs.
    pub revision: Arc<str>,
    pub kind: Kind,
    pub role_arn: Arc<str>,
    pub input: Arc<str>,
    pub trace_header: Option<Box<str>>,
    pub started: Timestamp,
    /// Orders executions that started in the same millisecond.
    pub order: u64,
    pub seed: u64,
    pub status: Status,
    pub stopped: Option<Timestamp>,
    pub output: Option<Arc<str>>,
    pub error: Option<Arc<str>>,
    pub cause: Option<Arc<str>>,
    /// Length of its history, once it ended.
    pub events: usize,
    #[serde(default)]
    pub redrives: Option<Box<Redrives>>,
    /// For a child of a map run.
    pub parent: Option<Box<Parent>>,
}

/// What is known of an execution's redrives.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Redrives {
    pub count: u64,
    pub last: Option<Timestamp>,
    /// Tokens of the last requests and when they were first used, newest last.
    pub tokens: Vec<(String, Timestamp)>,
    /// For a child: waits for its map run to run it again.
    pub pending: bool,
    /// For a child: the redrive of its map run that last ran it.
    pub of_map_run: u64,
}

/// Where a child of a map run belongs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Parent {
    pub execution_arn: Arc<str>,
    pub map_run_arn: Arc<str>,
    /// The map run as the parent's interpreter knows it.
    pub map_run: MapRunId,
    /// Its number within the map run, from 0.
    pub index: u64,
    /// What its `$$.Map` shows.
    pub map_item: Value,
    /// JSON pointer of the Map state in the parent's definition.
    pub pointer: String,
    pub label: String,
    /// How many items it was given.
    pub items: u64,
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

impl Redrives {
    const NONE: Self = Self {
        count: 0,
        last: None,
        tokens: Vec::new(),
        pending: false,
        of_map_run: 0,
    };
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

impl Execution {
    /// Whether it has a row: express executions have none, but for the children of map runs,
    /// whose results are written when all have ended.
    pub(super) fn is_kept(&self) -> bool {
        self.kind == Kind::Standard || self.parent.is_some()
    }

    /// Its name, which its ARN has behind its machine's.
    pub(super) fn name(&self) -> &str {
        self.arn.split(':').nth(7).unwrap_or_default()
    }

    /// Its machine's name, which the ARN of a map run's child has before the label.
    pub(super) fn machine_name(&self) -> &str {
        let name = self.arn.split(':').nth(6).unwrap_or_default();
        name.split('/').next().unwrap_or_default()
    }

    /// What is known of its redrives.
    pub(super) fn redrives(&self) -> &Redrives {
        const NONE: &Redrives = &Redrives::NONE;
        self.redrives.as_deref().unwrap_or(NONE)
    }

    /// When its last attempt began.
    pub(super) fn began(&self) -> Timestamp {
        self.redrives().last.unwrap_or(self.started)
    }

    /// Takes in how it ended.
    pub(super) fn finish(&mut self, outcome: &Outcome, now: Timestamp) {
        self.stopped = Some(now);
        let (status, error, cause) = match outcome {
            Outcome::Succeeded { output } => {
                self.output = Some(output.as_str().into());
                (Status::Succeeded, None, None)
            }
            Outcome::Failed { error, cause } => {
                (Status::Failed, error.as_deref(), cause.as_deref())
            }
            Outcome::TimedOut => (Status::TimedOut, None, None),
            Outcome::Aborted { error, cause } => {
                (Status::Aborted, error.as_deref(), cause.as_deref())
            }
        };
        self.status = status;
        self.error = error.map(Arc::from);
        self.cause = cause.map(Arc::from);
    }

    /// How it ended, if it did.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        let owned = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
        let (error, cause) = (owned(&self.error), owned(&self.cause));
        match self.status {
            Status::Running => None,
            Status::Succeeded => Some(Outcome::Succeeded {
                output: owned(&self.output).unwrap_or_default(),
            }),
            Status::Failed => Some(Outcome::Failed { error, cause }),
            Status::TimedOut => Some(Outcome::TimedOut),
            Status::Aborted => Some(Outcome::Aborted { error, cause }),
        }
    }

    /// The answer of `DescribeExecution`.
    pub(super) fn describe(&self, with_data: bool) -> Value {
        let mut out = json!({ "executionArn": self.arn, "stateMachineArn": self.public_machine() });
        out["name"] = self.name().into();
        out["status"] = self.public_status().into();
        out["startDate"] = self.started.to_string().into();
        if let Some(stopped) = self.stopped {
            out["stopDate"] = stopped.to_string().into();
        }
        if with_data {
            out["input"] = (*self.input).into();
        }
        out["inputDetails"] = json!({ "included": with_data });
        if let Some(output) = &self.output {
            if with_data {
                out["output"] = (**output).into();
            }
            out["outputDetails"] = json!({ "included": with_data });
        }
        let texts = [
            ("error", self.error.as_deref()),
            ("cause", self.cause.as_deref()),
            ("traceHeader", self.trace_header.as_deref()),
            ("stateMachineVersionArn", self.version_arn.as_deref()),
            ("stateMachineAliasArn", self.alias_arn.as_deref()),
        ];
        for (member, text) in texts {
            if let Some(text) = text {
                out[member] = text.into();
            }
        }
        if let Some(parent) = &self.parent {
            out["mapRunArn"] = (*parent.map_run_arn).into();
        }
        out["redriveCount"] = self.redrives().count.into();
        if let Some(last) = self.redrives().last {
            out["redriveDate"] = last.to_string().into();
        }
        out
    }

    /// The status, or that a map run is about to run the child again.
    pub(super) fn public_status(&self) -> &'static str {
        if self.redrives().pending {
            "PENDING_REDRIVE"
        } else {
            self.status.as_str()
        }
    }

    /// The entry of `ListExecutions`.
    pub(super) fn summary(&self) -> Value {
        let mut out = self.describe(false);
        if let Some(members) = out.as_object_mut() {
            members.retain(|member, _| {
                matches!(
                    member.as_str(),
                    "executionArn"
                        | "stateMachineArn"
                        | "name"
                        | "status"
                        | "startDate"
                        | "stopDate"
                        | "mapRunArn"
                        | "stateMachineVersionArn"
                        | "stateMachineAliasArn"
                        | "redriveCount"
                        | "redriveDate"
                )
            });
        }
        if let Some(parent) = &self.parent {
            out["itemCount"] = parent.items.into();
        }
        out
    }

    /// ARN of the state machine as the API shows it: a map run's children belong to
    /// `machine/label`.
    pub(super) fn public_machine(&self) -> String {
        match &self.parent {
            Some(parent) => format!("{}/{}", self.machine_arn, parent.label),
            None => self.machine_arn.to_string(),
        }
    }
}

type Lists = HashMap<Arc<str>, Vec<Arc<str>>>;

/// All executions that have rows.
#[derive(Debug)]
pub(super) struct Executions {
    rows: Table<Arc<Execution>>,
    /// ARNs of executions by state machine or, for children, by map run; oldest first.
    lists: Mutex<Lists>,
}

impl Executions {
    pub(super) fn open(store: &Store) -> Self {
        let rows: Table<Arc<Execution>> = store.table("states.executions");
        let mut all = rows.scan("");
        all.sort_by_key(|(_, row)| (row.started, row.order));
        let mut lists = Lists::new();
        for (_, row) in all {
            let list = lists.entry(list_of(&row)).or_default();
            list.push(Arc::clone(&row.arn));
        }
        Self {
            rows,
            lists: Mutex::new(lists),
        }
    }

    pub(super) fn rows(&self) -> &Table<Arc<Execution>> {
        &self.rows
    }

    pub(super) fn get(&self, arn: &str) -> Result<Arc<Execution>, AwsError> {
        let found = self.rows.get(arn);
        found.ok_or_else(|| errors::no_such_execution(arn))
    }

    /// Adds an execution; false where its ARN is taken.
    pub(super) fn add(&self, row: Arc<Execution>) -> bool {
        let (list, arn) = (list_of(&row), Arc::clone(&row.arn));
        if !self.rows.insert_shared(&arn, row) {
            return false;
        }
        self.lists().entry(list).or_default().push(arn);
        true
    }

    /// ARNs by state machine or map run, newest first.
    pub(super) fn newest(&self, of: &str) -> Vec<Arc<str>> {
        let lists = self.lists();
        let all = lists.get(of).into_iter().flatten();
        all.rev().cloned().collect()
    }

    /// Forgets all executions of a state machine or map run and returns their ARNs.
    pub(super) fn forget(&self, of: &str) -> Vec<Arc<str>> {
        let arns = self.lists().remove(of).unwrap_or_default();
        for arn in &arns {
            self.rows.remove(arn);
        }
        arns
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn list_of(row: &Execution) -> Arc<str> {
    match &row.parent {
        Some(parent) => Arc::clone(&parent.map_run_arn),
        None => Arc::clone(&row.machine_arn),
    }
}
