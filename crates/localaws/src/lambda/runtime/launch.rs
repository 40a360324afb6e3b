//! Starting a function's process.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::Aws;

use super::api::RuntimeApi;
use super::environment::variables;
use super::journal::Journal;
use super::outcome::Ended;
use super::output::Output;
use super::pool::Spec;
use super::unpacked::{Unpacked, foreign};
use super::worker::Worker;

/// How often, and how long apart, a file that is "busy" is tried again.
const BUSY_TRIES: u32 = 100;
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// Starts a process; it may not be ready for events yet.
pub(super) async fn launch(
    aws: &Aws,
    unpacked: &Unpacked,
    spec: &Spec,
    journal: &Arc<Journal>,
) -> Result<Worker, Ended> {
    let failed = |error: io::Error| Ended::unlaunchable(&error);
    let sha256 = &spec.configuration.code_sha256;
    let folder = unpacked.folder(sha256, &spec.zip).await.map_err(failed)?;
    let bootstrap = folder.path().join("bootstrap");
    if !bootstrap.is_file() {
        return Err(Ended::Unlaunchable(
            "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]".to_owned(),
        ));
    }
    if let Some(why) = foreign(&bootstrap) {
        return Err(Ended::Unlaunchable(why));
    }
    let api = RuntimeApi::start().await.map_err(failed)?;
    let address = api.address.to_string();
    let variables = variables(aws, spec, &journal.stream, folder.path(), &address).await;
    let (output, writer) = Output::open(journal).map_err(failed)?;
    let mut command = Command::new(&bootstrap);
    command
        .current_dir(folder.path())
        .env_clear()
        .envs(variables)
        .stdin(Stdio::null())
        .stdout(writer.try_clone().map_err(failed)?)
        .stderr(writer)
        // A group of its own, so that what the function starts can be ended with it.
        .process_group(0)
        .kill_on_drop(true);
    let process = spawn(&mut command).await.map_err(failed)?;
    Ok(Worker::new(process, api, output, folder))
}

/// Just after unpacking, a process that this program started at the same moment for something
/// else may hold the file open for writing between its fork and its exec; then the system says
/// that the file is busy, and a moment later it is not.
async fn spawn(command: &mut Command) -> io::Result<Child> {
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
