//! Starting a process as the leader of a group, and signalling the group.

use std::io;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

/// How often, and how long apart, a file that is "busy" is tried again.
const BUSY_TRIES: u32 = 100;
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// Starts a process.
///
/// Just after unpacking, a process that this program started at the same moment for something
/// else may hold the file open for writing between its fork and its exec; then the system says
/// that the file is busy, and a moment later it is not.
pub(crate) async fn spawn(command: &mut Command) -> io::Result<Child> {
    // A group of its own, so that what the process starts can be ended with it.
    command.process_group(0).kill_on_drop(true);
    for _ in 0..BUSY_TRIES {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            spawned => return spawned,
        }
    }
    command.spawn()
}

/// A process and all that it started. Dropping it kills what is left of them.
#[derive(Debug)]
pub(crate) struct Group(Option<Pid>);

impl Group {
    /// The group that a process from [`spawn`] leads.
    pub(crate) fn of(process: &Child) -> Self {
        let id = process.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    /// By what the group is found again by another run of this program: the leader's number and
    /// when it was started, where the system tells.
    pub(crate) fn mark(&self) -> Option<String> {
        let id = self.0?.as_raw_nonzero().get();
        Some(format!("{id}/{}", started(id)?))
    }

    /// The group of a mark, while its leader runs.
    pub(crate) fn found_again(mark: &str) -> Option<Self> {
        let (id, when) = mark.split_once('/')?;
        let id = id.parse().ok()?;
        // The number alone may be somebody else's by now.
        (started(id)? == when).then(|| Self(Pid::from_raw(id)))
    }

    /// Asks the processes to end.
    pub(crate) fn terminate(&self) {
        if let Some(group) = self.0 {
            // An error means that nothing of the group is left.
            let _ = kill_process_group(group, Signal::TERM);
        }
    }

    /// Ends the processes. Once: their number may be somebody else's later.
    pub(crate) fn kill(&mut self) {
        if let Some(group) = self.0.take() {
            // An error means that nothing of the group is left.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// When a process was started, in ticks since the system was: field 22 of `/proc/<id>/stat`,
/// counted after the name, which may have spaces.
fn started(id: i32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(19).map(str::to_owned)
}
