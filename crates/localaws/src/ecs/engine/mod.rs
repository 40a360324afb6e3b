//! How a container runs. Processes are the one way that is built; one by a container engine's
//! socket would be another [`Engine`] beside it.

mod processes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::process::Journal;
pub(super) use processes::processes;

/// A container to run.
pub(super) struct Launch {
    /// The folder of its own.
    pub(super) folder: PathBuf,
    /// `entryPoint` and `command`; empty where neither is given and the image would decide.
    pub(super) command: Vec<String>,
    /// As declared, a path inside the image.
    pub(super) working_directory: Option<String>,
    pub(super) environment: BTreeMap<String, String>,
    /// Where its output goes, if anywhere.
    pub(super) journal: Option<Arc<Journal>>,
}

/// Starts containers.
#[async_trait]
pub(super) trait Engine: Send + Sync {
    /// Starts a container; the error is a reason as ECS gives it.
    async fn start(&self, launch: Launch) -> Result<Box<dyn Container>, String>;

    /// Ends a container that was left over when this program was killed, by its mark.
    fn end_left_over(&self, mark: &str);
}

/// A container that was started. Dropping it ends it.
#[async_trait]
pub(super) trait Container: Send + Sync {
    /// Waits for its end, until all that it wrote is logged, and answers the exit code: 128 and
    /// the signal's number where a signal ended it.
    async fn ended(&mut self) -> i64;

    /// By what the container is found again after this program was killed.
    fn mark(&self) -> Option<String>;

    /// Asks it to end (`SIGTERM`).
    fn terminate(&mut self);

    /// Ends it (`SIGKILL`).
    fn kill(&mut self);
}
