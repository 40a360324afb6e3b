//! The lock of the job and the queue in front of it.
//!
//! **Invariant:** every change of the lock raises its version and names the version that it was
//! made from. A run that joins the queue first writes its row and then raises the version of a lock
//! that is held; who lets the lock go looks into the queue first and then writes the lock. So either
//! the one sees the other's row, or the other finds the lock changed and looks again: no run is
//! left waiting for a lock that nobody holds.

mod hand_over;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use hand_over::{leave, release};

use crate::Error;
use crate::run::Run;

/// Changes that are tried against others' before it is left to the workflow to try again.
pub(crate) const TRIES: usize = 200;

/// Who runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lock {
    /// ARN of the execution that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Since when, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_since: Option<String>,
    /// When that execution started, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_started_at: Option<String>,
    /// Name of an execution that ended badly, so that its containers may still be stopping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lingering: Option<String>,
    /// Runs in the queue.
    #[serde(default)]
    pub waiting: u64,
    /// Raised with every change; 0 before the first.
    #[serde(default)]
    pub version: u64,
    /// What the holder must still be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wake: Option<Wake>,
}

/// Word for a run that left the queue with the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    /// Key of its row in the queue.
    pub key: String,
    /// The token that it waits with.
    pub token: String,
    /// What it is told.
    pub decision: Value,
}

/// A run in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiter {
    /// Its place: start and name.
    #[serde(rename = "sk")]
    pub key: String,
    /// ARN of the execution.
    pub execution: String,
    /// When it started, ISO 8601.
    pub started_at: String,
    /// The token that it waits with.
    pub token: String,
    /// Since when it waits, ISO 8601.
    pub since: String,
}

impl Lock {
    pub(crate) fn is_held_by(&self, arn: &str) -> bool {
        self.holder.as_deref() == Some(arn)
    }

    /// The lock as it is next, before anything else is changed.
    pub(crate) fn next(&self) -> Self {
        Self {
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// The lock in the hands of a run.
    pub(crate) fn held_by(&self, arn: &str, started_at: &str, since: &str) -> Self {
        Self {
            holder: Some(arn.to_owned()),
            held_since: Some(since.to_owned()),
            holder_started_at: Some(started_at.to_owned()),
            ..self.next()
        }
    }
}

impl Waiter {
    pub(crate) fn of(run: &Run, token: &str, since: &str) -> Self {
        Self {
            key: run.sort_key(),
            execution: run.arn.clone(),
            started_at: run.started_at.clone(),
            token: token.to_owned(),
            since: since.to_owned(),
        }
    }
}

/// The lock of a run that may overlap: nobody else wants it.
pub(crate) fn free(name: &str) -> String {
    format!("free#{name}")
}

/// There were too many others.
pub(crate) fn busy() -> Error {
    Error::Unavailable {
        call: "dynamodb:PutItem",
        message: "the lock changed again and again".to_owned(),
    }
}
