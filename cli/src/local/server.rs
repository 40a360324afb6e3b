//! The server process: the embedded AWS behind its loopback endpoint.

use std::fs::{File, OpenOptions, TryLockError};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use localaws::ecs::Containers;
use localaws::endpoint::{BindError, Endpoint};
use localaws::{Aws, Clock, Config, Ids, Store};

use super::{HOST, Health, health};
use crate::failure::{Failure, Result};
use crate::interrupt::signalled;

/// What is served.
#[derive(Debug, Clone)]
pub struct Serve {
    /// Whether time jumps over waits.
    pub fast: bool,
    /// Folder of the state; in memory without.
    pub home: Option<PathBuf>,
    /// How tasks of ECS run.
    pub containers: Containers,
}

/// Takes the port.
pub async fn bind(host: IpAddr, port: u16) -> Result<Endpoint> {
    let error = match Endpoint::bind(host, port).await {
        Ok(endpoint) => return Ok(endpoint),
        Err(error) => error,
    };
    Err(match error {
        BindError::NotLoopback(_) => Failure::new(error.to_string()).help(format!(
            "the local AWS checks no credentials; it is served on {HOST} only"
        )),
        BindError::Taken(port) => match health(port).await {
            Ok(Some(health)) => runs_already(&health),
            _ => Failure::new(error.to_string()).help(format!(
                "choose another with `--port`, such as {}",
                port.saturating_add(1)
            )),
        },
        BindError::Other(_) => Failure::new(error.to_string()),
    })
}

/// The refusal to start a second server on a port.
pub fn runs_already(health: &Health) -> Failure {
    let failure = Failure::new(format!(
        "the local AWS runs already on {} (process {})",
        health.endpoint, health.pid
    ));
    failure.help("`footwork local stop` ends it; `--port` starts another")
}

/// Takes the folder of the state, for as long as the file stays open: two servers would not know
/// of each other's writes, and both would go on with the same executions.
fn lock(home: &Path) -> Result<File> {
    let path = home.join("lock");
    let file = OpenOptions::new().create(true).append(true).open(&path);
    let file = file.map_err(|error| Failure::io(format!("open `{}`", path.display()), &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::new(format!(
            "another local AWS keeps its state in `{}`",
            home.display()
        ))
        .help("stop it, set FOOTWORK_HOME to another folder, or start with `--memory`")),
        Err(TryLockError::Error(error)) => {
            Err(Failure::io(format!("lock `{}`", path.display()), &error))
        }
    }
}

/// Makes the embedded AWS for an endpoint.
pub fn start_in_process(endpoint: &Endpoint, serve: &Serve) -> Result<Aws> {
    let store = match &serve.home {
        Some(home) => Store::open(&home.join("state.sqlite"))
            .map_err(|error| Failure::new(error.to_string()).help("or start with `--memory`"))?,
        None => Store::memory(),
    };
    let config = Config {
        clock: if serve.fast {
            Clock::fast()
        } else {
            Clock::real()
        },
        store,
        ids: Ids::random(),
        endpoint: endpoint.url(),
    };
    Ok(Aws::start_with(config, serve.containers.clone()))
}

/// Serves until Ctrl-C, a termination signal or a request to stop; `ready` is called when nothing
/// more can keep it from answering.
pub async fn run(endpoint: Endpoint, serve: &Serve, ready: impl FnOnce()) -> Result<()> {
    let _lock = serve.home.as_deref().map(lock).transpose()?;
    let aws = start_in_process(&endpoint, serve)?;
    let home = serve.home.as_ref().map(|home| home.display().to_string());
    ready();
    let ended = endpoint.serve(aws, home, ended_by_signal()).await;
    ended.map_err(|error| Failure::io("serve", &error))
}

async fn ended_by_signal() {
    signalled().await;
}
