//! How a container runs: as a process of this machine, or as a container of Docker or Podman.

mod containers;
mod docker;
mod processes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::process::Journal;
pub use containers::{Choice, Containers};
pub(super) use docker::reference;

/// A container to run.
pub(super) struct Launch {
    /// Its task's id and its own name.
    pub(super) task: String,
    pub(super) name: String,
    pub(super) image: String,
    /// The folder of its own.
    pub(super) folder: PathBuf,
    /// As declared or overridden; the image decides where they are absent.
    pub(super) entry_point: Option<Vec<String>>,
    pub(super) command: Option<Vec<String>>,
    /// As declared, a path inside the image.
    pub(super) working_directory: Option<String>,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) user: Option<String>,
    /// CPU units (1,024 are one processor) and MiB that it may use at most.
    pub(super) cpu: Option<i64>,
    pub(super) memory: Option<i64>,
    pub(super) read_only: bool,
    /// Folders of this machine, where they are seen, and whether they are read only.
    pub(super) mounts: Vec<(PathBuf, String, bool)>,
    /// Where its output goes, if anywhere.
    pub(super) journal: Option<Arc<Journal>>,
}

/// How a container ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended {
    /// The exit code: 128 and the signal's number where a signal ended it.
    pub(super) code: i64,
    /// Whether it was ended because it used more memory than it may.
    pub(super) out_of_memory: bool,
}

/// Starts containers.
#[async_trait]
pub(super) trait Engine: Send + Sync {
    /// Whether the image is at hand without asking a registry.
    async fn has(&self, image: &str) -> bool;

    /// Gets the image where it is not at hand; the answer is its digest, where it is known. The
    /// error is a reason as ECS gives it.
    async fn pull(&self, image: &str) -> Result<Option<String>, String>;

    /// Starts a container; the error is a reason as ECS gives it.
    async fn start(&self, launch: Launch) -> Result<Box<dyn Container>, String>;

    /// Ends a container that was left over when this program was killed, by its mark.
    fn end_left_over(&self, mark: &str);
}

/// A container that was started. Dropping it ends it.
#[async_trait]
pub(super) trait Container: Send + Sync {
    /// Waits for its end, until all that it wrote is logged.
    async fn ended(&mut self) -> Ended;

    /// Its inside, for health checks.
    fn inside(&self) -> Box<dyn Inside>;

    /// By what the container is found again after this program was killed.
    fn mark(&self) -> Option<String>;

    /// Asks it to end (`SIGTERM`).
    fn terminate(&mut self);

    /// Ends it (`SIGKILL`).
    fn kill(&mut self);
}

/// Where commands run that look after a container.
#[async_trait]
pub(super) trait Inside: Send + Sync {
    /// Runs a command; whether it exits with 0.
    async fn succeeds(&self, command: &[String]) -> bool;
}
