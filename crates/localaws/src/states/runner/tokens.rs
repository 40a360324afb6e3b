//! Task tokens: which task of which execution answers to a token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use asl::{Signal, TaskId};

use crate::AwsError;

use super::super::{States, errors};
use super::Running;

/// Tokens of tasks that can be answered from outside.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    open: Mutex<Open>,
}

/// Tasks by token.
type Open = HashMap<Arc<str>, (Arc<Running>, TaskId)>;

impl Tokens {
    pub(super) fn open(&self, token: Arc<str>, running: &Arc<Running>, task: TaskId) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(token, (Arc::clone(running), task));
    }

    pub(super) fn close(&self, token: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(token);
    }

    fn get(&self, token: &str) -> Option<(Arc<Running>, TaskId)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(token).cloned()
    }
}

impl States {
    /// Answers the task of a token. A token answers once.
    pub(in super::super) fn answer(
        self: &Arc<Self>,
        token: &str,
        signal: impl FnOnce(TaskId) -> Signal,
    ) -> Result<(), AwsError> {
        let Some((running, task)) = self.runner.tokens.get(token) else {
            return Err(if is_well_formed(token) {
                AwsError::new(
                    "TaskTimedOut",
                    "Task Timed Out: 'Provided task does not exist anymore'",
                )
            } else {
                errors::invalid_token()
            });
        };
        let signal = signal(task);
        if !matches!(signal, Signal::TaskHeartbeat { .. }) {
            self.runner.tokens.close(token);
        }
        self.tell(&running, signal);
        Ok(())
    }
}

/// Whether a token could have been one: 96 bytes in the alphabet that URLs can carry.
fn is_well_formed(token: &str) -> bool {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    token.len() == 128 && token.bytes().all(allowed)
}
