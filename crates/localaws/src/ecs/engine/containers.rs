//! Which way containers run, chosen once when the local AWS starts.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use super::Engine;
use super::docker::{self, Docker};
use super::processes::Processes;

/// What is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// Docker or Podman where its socket answers, else processes.
    #[default]
    Auto,
    /// Docker or Podman, or nothing.
    Docker,
    /// Processes, also where there is an engine.
    Process,
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "docker" | "podman" => Ok(Self::Docker),
            "process" => Ok(Self::Process),
            _ => Err("must be `auto`, `docker` or `process`".to_owned()),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Docker => "docker",
            Self::Process => "process",
        })
    }
}

/// How containers run.
#[derive(Debug, Clone, Default)]
pub enum Containers {
    /// As processes of this machine, without an image.
    #[default]
    Processes,
    /// By an engine that speaks Docker's API.
    Engine {
        /// For people: `Docker 27.3.1`, `Podman 5.2.0`.
        name: String,
        /// Where it listens.
        socket: PathBuf,
        /// Whether its containers can share this machine's network.
        shares_network: bool,
    },
}

impl Containers {
    /// Looks for what is wanted; the error says where an engine was looked for.
    pub async fn find(choice: Choice) -> Result<Self, String> {
        if choice == Choice::Process {
            return Ok(Self::Processes);
        }
        let sockets = docker::sockets();
        for socket in &sockets {
            if let Some(found) = docker::probe(socket).await {
                return Ok(found);
            }
        }
        match choice {
            Choice::Docker => {
                let places: Vec<_> = sockets
                    .iter()
                    .map(|one| one.display().to_string())
                    .collect();
                Err(format!(
                    "no Docker or Podman answers on {}",
                    places.join(", ")
                ))
            }
            _ => Ok(Self::Processes),
        }
    }

    pub(in crate::ecs) fn engine(&self) -> Arc<dyn Engine> {
        match self {
            Self::Processes => Arc::new(Processes),
            Self::Engine {
                socket,
                shares_network,
                ..
            } => Arc::new(Docker::new(socket, *shares_network)),
        }
    }
}

impl fmt::Display for Containers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Processes => f.write_str("processes"),
            Self::Engine { name, socket, .. } => write!(f, "{name} ({})", socket.display()),
        }
    }
}
