//! Redrive: an execution that did not succeed is taken up again.
//!
//! What it takes is the interpreter as it stood at the end. A store that ends with the process
//! keeps it in memory; of others the journal is kept until the execution can no longer be redriven.

use std::sync::Arc;

use asl::{MapRunId, Signal};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::AwsError;

use super::super::execution::{Execution, Status};
use super::super::{States, errors};
use super::Running;

/// How long after its end an execution can be redriven.
const PERIOD: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long an execution may last.
const LONGEST: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Executions of this many events have no room for another attempt.
const FULL: usize = 24_999;
/// How long, and how many, client tokens are remembered.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);
const TOKENS: usize = 10;

/// Whether an execution can be redriven.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum RedriveStatus {
    Redrivable,
    ByMapRun,
    Not(String),
}

impl RedriveStatus {
    /// Adds the members of `DescribeExecution`.
    pub(in super::super) fn describe(self, out: &mut Value) {
        let (status, reason) = match self {
            Self::Redrivable => ("REDRIVABLE", None),
            Self::ByMapRun => ("REDRIVABLE_BY_MAP_RUN", None),
            Self::Not(reason) => ("NOT_REDRIVABLE", Some(reason)),
        };
        out["redriveStatus"] = status.into();
        if let Some(reason) = reason {
            out["redriveStatusReason"] = reason.into();
        }
    }
}

impl States {
    pub(in super::super) fn redrive_status(&self, row: &Execution) -> RedriveStatus {
        let not = |reason: &str| RedriveStatus::Not(reason.to_owned());
        let now = self.aws.clock().now();
        let passed = |since: Timestamp, most| now.duration_since(since) > most;
        match row.status {
            Status::Running | Status::Succeeded => {
                let status = row.status.as_str();
                return RedriveStatus::Not(format!("Execution is {status} and cannot be redriven"));
            }
            _ if self.is_deleted(row) => return not("State machine is in DELETING status"),
            _ if row.events >= FULL => return not("Execution history event limit exceeded"),
            _ if passed(row.started, LONGEST) => {
                return not("Execution has exceeded the max execution time");
            }
            _ if passed(row.stopped.unwrap_or(now), PERIOD) => {
                return not("Execution redrivable period exceeded");
            }
            _ => {}
        }
        match row.parent {
            Some(_) => RedriveStatus::ByMapRun,
            None => RedriveStatus::Redrivable,
        }
    }

    /// Redrives an execution at somebody's request and returns the date.
    pub(in super::super) fn redrive(
        self: &Arc<Self>,
        arn: &str,
        token: Option<&str>,
    ) -> Result<Timestamp, AwsError> {
        let row = self.executions.get(arn)?;
        let now = self.aws.clock().now();
        let fresh = |used: &&(String, Timestamp)| now.duration_since(used.1) <= TOKEN_LIFE;
        let mut used = row.redrives().tokens.iter().filter(fresh);
        if let Some((_, date)) = used.find(|(used, _)| Some(used.as_str()) == token) {
            return Ok(*date);
        }
        match self.redrive_status(&row) {
            RedriveStatus::Redrivable => {}
            RedriveStatus::Not(reason) => return Err(errors::not_redrivable(reason)),
            RedriveStatus::ByMapRun => {
                // AWS's words are not known.
                return Err(errors::not_redrivable(
                    "Execution was started by a Map Run and can only be redriven by it",
                ));
            }
        }
        self.begin_again(&row, token, None)
    }

    /// Forgets the journal of an execution that can no longer be redriven.
    pub(super) fn forget_journal_in_time(&self, row: &Execution) {
        if matches!(self.redrive_status(row), RedriveStatus::Not(_)) {
            self.runner.journal.forget(&row.arn);
        }
    }

    fn begin_again(
        self: &Arc<Self>,
        row: &Execution,
        token: Option<&str>,
        of_map_run: Option<u64>,
    ) -> Result<Timestamp, AwsError> {
        let kept = self.runner.ended().remove(&row.arn);
        let running = match kept {
            Some(running) => running,
            None => self.as_it_ended(row)?,
        };
        let mut row = row.clone();
        let now = self
            .aws
            .clock()
            .now()
            .max(row.stopped.unwrap_or(row.started));
        row.status = Status::Running;
        row.stopped = None;
        row.error = None;
        row.cause = None;
        let redrives = row.redrives.get_or_insert_default();
        redrives.count += 1;
        redrives.last = Some(now);
        redrives.pending = false;
        redrives.of_map_run = of_map_run.unwrap_or_default();
        if let Some(token) = token {
            redrives.tokens.push((token.to_owned(), now));
            let old = redrives.tokens.len().saturating_sub(TOKENS);
            redrives.tokens.drain(..old);
        }
        let row = Arc::new(row);
        self.executions.rows().put(&row.arn, Arc::clone(&row));
        {
            let mut state = running.lock();
            let state = &mut *state;
            state.row = row;
            state.last = now;
            let machine = state.machine.wake(&running.program, &state.row);
            state.logged = machine.events().len();
            state.driven = false;
        }
        let live = Arc::clone(&running);
        self.runner.live().insert(Arc::clone(&running.arn), live);
        self.announce_redrive(&running);
        self.tell(&running, Signal::Redrive);
        Ok(now)
    }

    /// An ended execution, rebuilt from its journal.
    fn as_it_ended(&self, row: &Execution) -> Result<Arc<Running>, AwsError> {
        let (running, pending) = self.replay(Arc::new(row.clone()))?;
        let redrivable = |machine: &asl::Execution| machine.is_redrivable();
        if !running.lock().machine.awake().is_some_and(redrivable) {
            return Err(AwsError::internal("the journal does not reach the end"));
        }
        self.know_map_runs(&running, &pending);
        Ok(running)
    }

    /// Runs a child of a map run again: redriven where it can be, else started anew.
    pub(super) fn redrive_child(
        self: &Arc<Self>,
        running: &Arc<Running>,
        map_run: MapRunId,
        index: u64,
        (input, map_item): (String, Value),
    ) {
        let Some((map_run_arn, count)) = self.redrive_of(running, map_run) else {
            return;
        };
        let before = running.lock().children.get(&(map_run, index)).cloned();
        let row = before.and_then(|arn| self.executions.rows().get(&arn));
        match row {
            // Taken up after the process was killed.
            Some(row) if row.redrives().of_map_run == count => {
                if let Some(outcome) = row.outcome() {
                    self.tell(
                        running,
                        Signal::ChildFinished {
                            map_run,
                            index,
                            outcome,
                        },
                    );
                }
            }
            Some(row) if self.redrive_status(&row) == RedriveStatus::ByMapRun => {
                let items = row.parent.as_ref().map_or(1, |parent| parent.items);
                self.map_runs.child_redriven(&map_run_arn, items);
                if let Err(error) = self.begin_again(&row, None, Some(count)) {
                    self.child_lost(running, map_run, index, error);
                }
            }
            _ => {
                running.lock().children.remove(&(map_run, index));
                self.launch_child(running, map_run, index, (input, map_item), count);
            }
        }
    }
}
