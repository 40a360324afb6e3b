//! Containers by an engine that speaks Docker's API: Docker, or Podman's service.
//!
//! Only the dozen requests that tasks need, over the engine's socket: a client library would bring
//! a hundred crates for them. Containers share this machine's network where they can, as those of
//! a task on Fargate share one interface, and so reach the local AWS, which listens on loopback
//! only. Where they cannot (Docker Desktop's virtual machine), its host name takes the place of
//! the loopback address in `AWS_ENDPOINT_URL`.

mod api;
mod body;
mod container;
mod logs;
mod pull;

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use self::api::Api;
use self::container::Running;
use super::{Container, Containers, Engine, Launch};
use crate::params::Params;
pub(in crate::ecs) use pull::reference;

/// How long an engine may take to say which one it is, in real time.
const PATIENCE: Duration = Duration::from_secs(5);
/// This machine, as containers in a virtual machine see it.
const OUTSIDE: &str = "host.docker.internal";

/// Where engines listen, the likeliest first.
pub(super) fn sockets() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    // Whoever names one means that one.
    if let Some(host) = variable("DOCKER_HOST") {
        return host
            .strip_prefix("unix://")
            .map(PathBuf::from)
            .into_iter()
            .collect();
    }
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock")];
    if let Some(home) = variable("HOME") {
        sockets.push(Path::new(&home).join(".docker/run/docker.sock"));
    }
    if let Some(runtime) = variable("XDG_RUNTIME_DIR") {
        sockets.push(Path::new(&runtime).join("docker.sock"));
        sockets.push(Path::new(&runtime).join("podman/podman.sock"));
    }
    sockets.push(PathBuf::from("/run/podman/podman.sock"));
    sockets
}

/// The engine behind a socket, where one answers.
pub(super) async fn probe(socket: &Path) -> Option<Containers> {
    let api = Api::new(socket);
    let asked = async {
        let version = api.get("/version").await.ok()?;
        let info = api.get("/info").await.ok()?;
        Some((version, info))
    };
    let (version, info) = tokio::time::timeout(PATIENCE, asked).await.ok()??;
    let number = version.text("Version")?;
    let mut parts = version.items("Components").iter();
    let podman = parts.any(|part| {
        part.text("Name")
            .is_some_and(|name| name.contains("Podman"))
    });
    let desktop = info.text("OperatingSystem") == Some("Docker Desktop");
    let kind = if podman { "Podman" } else { "Docker" };
    Some(Containers::Engine {
        name: format!("{kind} {number}"),
        socket: socket.to_owned(),
        shares_network: cfg!(target_os = "linux") && !desktop,
    })
}

/// An engine.
pub(super) struct Docker {
    api: Api,
    shares_network: bool,
}

impl Docker {
    pub(super) fn new(socket: &Path, shares_network: bool) -> Self {
        Self {
            api: Api::new(socket),
            shares_network,
        }
    }

    /// What the engine says of an image that it has.
    async fn image(&self, image: &str) -> Option<Value> {
        self.api.get(&format!("/images/{image}/json")).await.ok()
    }
}

#[async_trait]
impl Engine for Docker {
    async fn has(&self, image: &str) -> bool {
        self.image(image).await.is_some()
    }

    async fn pull(&self, image: &str) -> Result<Option<String>, String> {
        if !self.has(image).await {
            pull::pull(&self.api, image).await?;
        }
        let found = self.image(image).await.unwrap_or_default();
        let digests = found.texts("RepoDigests");
        let digest = digests.first().and_then(|name| name.split_once('@'));
        Ok(digest.map(|(_, digest)| digest.to_owned()))
    }

    async fn start(&self, mut launch: Launch) -> Result<Box<dyn Container>, String> {
        if !self.shares_network
            && let Some(url) = launch.environment.get_mut("AWS_ENDPOINT_URL")
        {
            *url = url
                .replace("127.0.0.1", OUTSIDE)
                .replace("localhost", OUTSIDE);
        }
        for (folder, _, _) in &launch.mounts {
            std::fs::create_dir_all(folder)
                .map_err(|error| format!("CannotCreateContainerError: {error}"))?;
        }
        let body = body::of(&launch, self.shares_network);
        let name = format!(
            "/containers/create?name=ecs-{}-{}",
            launch.task, launch.name
        );
        let created = self.api.post(&name, Some(&body)).await;
        let created = created.map_err(|error| {
            format!("CannotCreateContainerError: Error response from daemon: {error}")
        })?;
        let id = created.text("Id").unwrap_or_default().to_owned();
        let container = Running::new(self.api.clone(), id.clone(), launch.journal);
        let started = self
            .api
            .post(&format!("/containers/{id}/start"), None)
            .await;
        started.map_err(|error| {
            format!("CannotStartContainerError: Error response from daemon: {error}")
        })?;
        Ok(Box::new(container))
    }

    fn end_left_over(&self, mark: &str) {
        if let Some(id) = mark.strip_prefix("docker/") {
            container::remove(self.api.clone(), id.to_owned());
        }
    }
}
