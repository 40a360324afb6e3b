//! The server process: the embedded AWS behind its loopback endpoint.

use std::net::IpAddr;
use std::path::PathBuf;

use localaws::endpoint::{BindError, Endpoint};
use localaws::{Aws, Clock, Config, Ids, Store};

use super::HOST;
use crate::failure::{Failure, Result};

/// What is served.
#[derive(Debug, Clone)]
pub struct Serve {
    /// Port on loopback; 0 takes any free one.
    pub port: u16,
    /// Whether time jumps over waits.
    pub fast: bool,
    /// Folder of the state; in memory without.
    pub home: Option<PathBuf>,
}

/// Takes the port.
pub async fn bind(host: IpAddr, port: u16) -> Result<Endpoint> {
    Endpoint::bind(host, port).await.map_err(|error| match error {
        BindError::NotLoopback(_) => Failure::new(error.to_string())
            .help(format!("the local AWS checks no credentials; it is served on {HOST} only")),
        BindError::Taken(port) => Failure::new(error.to_string()).help(format!(
            "`footwork local status` tells whether it is footwork's own; else choose another with `--port`, such as {}",
            port.saturating_add(1)
        )),
        BindError::Other(_) => Failure::new(error.to_string()),
    })
}

/// Makes the embedded AWS for an endpoint.
pub fn start_in_process(endpoint: &Endpoint, serve: &Serve) -> Result<Aws> {
    let store = match &serve.home {
        Some(home) => Store::open(&home.join("state.sqlite"))
            .map_err(|error| Failure::new(error.to_string()).help("or start with `--memory`"))?,
        None => Store::memory(),
    };
    Ok(Aws::start(Config {
        clock: if serve.fast {
            Clock::fast()
        } else {
            Clock::real()
        },
        store,
        ids: Ids::random(),
        endpoint: endpoint.url(),
    }))
}

/// Serves until Ctrl-C, a termination signal or a request to stop.
pub async fn run(endpoint: Endpoint, serve: &Serve) -> Result<()> {
    let aws = start_in_process(&endpoint, serve)?;
    let home = serve.home.as_ref().map(|home| home.display().to_string());
    let ended = endpoint.serve(aws, home, interrupted()).await;
    ended.map_err(|error| Failure::io("serve", &error))
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
