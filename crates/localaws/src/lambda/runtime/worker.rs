//! A process that runs a function, one event at a time.

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Child;

use crate::process::{Group, Output};

use super::api::{Answer, Invocation, RuntimeApi};
use super::outcome::Ended;

/// How long after its answer a process may take until it asks for the next event, before it
/// counts as idle all the same.
const SETTLE: Duration = Duration::from_millis(200);

/// A process with its Runtime API. Dropping it kills the process and all that it started.
pub(super) struct Worker {
    process: Child,
    group: Group,
    api: RuntimeApi,
    output: Output,
    _code: Arc<TempDir>,
}

impl Worker {
    pub(super) fn new(process: Child, api: RuntimeApi, output: Output, code: Arc<TempDir>) -> Self {
        Self {
            group: Group::of(&process),
            process,
            api,
            output,
            _code: code,
        }
    }

    /// Waits until the process asks for its first event. Time-outs are real time: virtual time
    /// stands still while a process works.
    pub(super) async fn ready(&mut self, limit: Duration) -> Result<(), Ended> {
        let ended = tokio::select! {
            biased;
            () = self.api.asks_again(0) => return Ok(()),
            (body, kind) = self.api.init_error() => Ended::Reported(body, kind),
            status = self.process.wait() => Ended::Exit(status.unwrap_or_default()),
            () = tokio::time::sleep(limit) => Ended::TimedOut,
        };
        self.end();
        Err(ended)
    }

    /// Has an event worked on.
    pub(super) async fn work(
        &mut self,
        invocation: Invocation,
        limit: Duration,
    ) -> Result<Answer, Ended> {
        let asked = self.api.asked();
        let answer = self.api.send(invocation);
        let ended = tokio::select! {
            biased;
            Ok(answer) = answer => {
                self.settle(asked).await;
                return Ok(answer);
            }
            status = self.process.wait() => Ended::Exit(status.unwrap_or_default()),
            () = tokio::time::sleep(limit) => Ended::TimedOut,
        };
        self.end();
        Err(ended)
    }

    /// Gives the process the moment it needs to come back for the next event, so that what it
    /// still writes belongs to the one it answered, and the next caller finds it idle.
    async fn settle(&mut self, asked: u64) {
        tokio::select! {
            () = self.api.asks_again(asked) => {}
            _ = self.process.wait() => {}
            () = tokio::time::sleep(SETTLE) => {}
        }
        self.output.drain();
    }

    /// Whether the process still runs.
    pub(super) fn alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Most memory used so far, in MB, where the system tells it.
    pub(super) fn memory(&self) -> Option<u64> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id()?)).ok()?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = peak.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes.div_ceil(1024))
    }

    fn end(&mut self) {
        self.group.kill();
        self.output.drain();
    }
}
