//! The journal: the signals of running executions, from which a killed process goes on.
//!
//! Start and signals determine an execution, so this is all there is to keep while it runs. Each
//! signal is a row of its own, written before its actions are carried out.

use asl::Signal;
use bytes::Bytes;
use jiff::Timestamp;

use crate::{Blobs, Store};

/// Signals of running executions. Empty where the store ends with the process.
#[derive(Debug)]
pub(super) struct Journal {
    rows: Option<Blobs>,
}

impl Journal {
    pub(super) fn open(store: &Store) -> Self {
        Self {
            rows: store.is_durable().then(|| store.blobs("states.journal")),
        }
    }

    /// Whether signals are kept at all.
    pub(super) fn is_kept(&self) -> bool {
        self.rows.is_some()
    }

    /// Adds a signal and the time at which it came.
    pub(super) fn append(&self, arn: &str, number: u64, now: Timestamp, signal: &Signal) {
        let Some(rows) = &self.rows else { return };
        match serde_json::to_vec(&(now, signal)) {
            Ok(row) => rows.put(&key(arn, number), Bytes::from(row)),
            Err(error) => tracing::error!(arn, %error, "signal cannot be journaled"),
        }
    }

    /// All signals of an execution, in order. Ends before the first that cannot be read: what
    /// follows it would be told to another execution than it was meant for.
    pub(super) fn read(&self, arn: &str) -> Vec<(Timestamp, Signal)> {
        let rows = self
            .rows
            .iter()
            .flat_map(|rows| rows.scan(&format!("{arn}#")));
        rows.map_while(|(key, row)| match serde_json::from_slice(&row) {
            Ok(signal) => Some(signal),
            Err(error) => {
                tracing::error!(key, %error, "journal cannot be read");
                None
            }
        })
        .collect()
    }

    /// Forgets an execution that ended.
    pub(super) fn forget(&self, arn: &str) {
        if let Some(rows) = &self.rows {
            rows.remove_all(&format!("{arn}#"));
        }
    }
}

fn key(arn: &str, number: u64) -> String {
    format!("{arn}#{number:010}")
}
