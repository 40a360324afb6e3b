//! Starting a function's process.

use std::io;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::Command;

use crate::Aws;
use crate::process::{Journal, Output, spawn};

use super::api::RuntimeApi;
use super::environment::variables;
use super::outcome::Ended;
use super::pool::Spec;
use super::unpacked::{Unpacked, foreign};
use super::worker::Worker;

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
        .stderr(writer);
    let process = spawn(&mut command).await.map_err(failed)?;
    Ok(Worker::new(process, api, output, folder))
}
