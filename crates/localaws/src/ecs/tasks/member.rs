//! One container of a task: from waiting for others to its end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use super::containers::Phase;
use super::dependencies::{conditions, judge};
use super::environment::variables;
use super::health::HealthCheck;
use super::{Status, Task};
use crate::Busy;
use crate::ecs::Inner;
use crate::ecs::engine::{Container, Ended, Launch};
use crate::params::Params;
use crate::process::Journal;

/// How long a container may take to end, in real time, where its definition says nothing.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
const LONGEST_STOP_TIMEOUT: i64 = 120;
/// How long a container keeps virtual time from passing, in real time. One that runs on waits for
/// something, and that something may be on the clock.
const HOLDS: Duration = Duration::from_secs(60);
/// What ECS says of a container that used more memory than it may.
const OUT_OF_MEMORY: &str = "OutOfMemoryError: Container killed due to memory usage";

/// A container and what its job needs.
pub(super) struct Member {
    pub(super) inner: Arc<Inner>,
    pub(super) task: Task,
    pub(super) container: Value,
    pub(super) at: usize,
    /// The task's folder.
    pub(super) folder: PathBuf,
    pub(super) phases: watch::Sender<Vec<Phase>>,
    pub(super) end: watch::Receiver<bool>,
    pub(super) idle: watch::Receiver<bool>,
}

impl Member {
    pub(super) async fn run(mut self, journal: Option<Arc<Journal>>) {
        if let Err(phase) = self.dependencies().await {
            return self.tell(phase);
        }
        // The container counts as work in flight.
        let mut busy = Some(self.inner.aws.clock().busy());
        let mut container = match self.start(journal).await {
            Ok(container) => container,
            Err(reason) => return self.tell(Phase::Failed(reason)),
        };
        let mark = container.mark();
        self.note(|state| state.mark = mark);
        self.tell(Phase::Running);
        let mut ended = self.live(container.as_mut(), &mut busy).await;
        if ended.is_none() {
            let limit = self.container.number("stopTimeout");
            let limit = limit.map_or(STOP_TIMEOUT, |seconds| {
                Duration::from_secs(seconds.clamp(2, LONGEST_STOP_TIMEOUT).unsigned_abs())
            });
            container.terminate();
            // Real time, as everything that containers do takes.
            ended = tokio::time::timeout(limit, container.ended()).await.ok();
        }
        let ended = match ended {
            Some(ended) => ended,
            None => {
                container.kill();
                container.ended().await
            }
        };
        if ended.out_of_memory {
            self.note(|state| state.reason = Some(OUT_OF_MEMORY.to_owned()));
        }
        self.tell(Phase::Exited(ended.code));
        drop(busy);
    }

    /// Waits for the container's end; nothing where it shall be ended.
    async fn live(
        &mut self,
        container: &mut dyn Container,
        busy: &mut Option<Busy>,
    ) -> Option<Ended> {
        let inner = Arc::clone(&self.inner);
        let key = self.task.key();
        let memory = exhausted(&inner, &key);
        tokio::pin!(memory);
        let check = HealthCheck::of(&self.container);
        let inside = container.inside();
        let mut healthy = None;
        let hold = tokio::time::sleep(HOLDS);
        tokio::pin!(hold);
        loop {
            let verdict = async {
                match &check {
                    Some(check) => check.verdict(&inner.aws, inside.as_ref(), healthy).await,
                    None => std::future::pending().await,
                }
            };
            let checked = tokio::select! {
                biased;
                ended = container.ended() => return Some(ended),
                () = until(&mut self.end) => return None,
                verdict = verdict, if check.is_some() => Some(verdict),
                () = until(&mut self.idle), if busy.is_some() => {
                    *busy = None;
                    None
                }
                () = &mut hold, if busy.is_some() => {
                    *busy = None;
                    None
                }
                () = &mut memory => {
                    container.kill();
                    let ended = container.ended().await;
                    return Some(Ended { out_of_memory: true, ..ended });
                }
            };
            if let Some(well) = checked {
                healthy = Some(well);
                self.tell(if well {
                    Phase::Healthy
                } else {
                    Phase::Unhealthy
                });
            }
        }
    }

    /// Waits for the containers that this one depends on.
    async fn dependencies(&mut self) -> Result<(), Phase> {
        let containers = self.task.definition.items("containerDefinitions");
        let conditions = conditions(containers, &self.container);
        let mut phases = self.phases.subscribe();
        let mut verdict = None;
        let known = phases.wait_for(|phases| {
            verdict = judge(&conditions, phases);
            verdict.is_some()
        });
        tokio::select! {
            biased;
            _ = self.end.wait_for(|end| *end) => return Err(Phase::Exited(0)),
            _ = known => {}
        }
        verdict.unwrap_or(Ok(()))
    }

    async fn start(&self, journal: Option<Arc<Journal>>) -> Result<Box<dyn Container>, String> {
        if let Some(rule) = self.inner.strike(&self.task.key(), "start") {
            let why = rule
                .given
                .message
                .as_deref()
                .unwrap_or("a fault on request");
            return Err(format!(
                "CannotStartContainerError: ResourceInitializationError: failed to create new \
                 container runtime task: {why}"
            ));
        }
        let environment = variables(&self.inner.aws, &self.task, &self.container).await?;
        let name = self.container.text("name").unwrap_or_default();
        let overriding = self.task.container_override(name);
        let words = |of: &Value, name: &str| of.member(name).map(|_| of.texts(name));
        let number = |name: &str| {
            let given = overriding.and_then(|one| one.number(name));
            given.or_else(|| self.container.number(name))
        };
        let of_task = |name: &str| self.task.text(name).and_then(|text| text.parse().ok());
        let launch = Launch {
            task: self.task.id.clone(),
            name: name.to_owned(),
            image: self.container.text("image").unwrap_or_default().to_owned(),
            folder: self.folder.join(self.at.to_string()),
            entry_point: words(&self.container, "entryPoint"),
            command: overriding
                .and_then(|one| words(one, "command"))
                .or_else(|| words(&self.container, "command")),
            working_directory: self.container.text("workingDirectory").map(str::to_owned),
            environment,
            user: self.container.filled("user").map(str::to_owned),
            cpu: of_task("cpu"),
            memory: number("memory").or_else(|| of_task("memory")),
            read_only: self.container.flag("readonlyRootFilesystem"),
            mounts: self.mounts(),
            journal,
        };
        self.inner.engine.start(launch).await
    }

    /// Volumes of the task as folders beside those of its containers: what one writes there, all
    /// that mount it see.
    fn mounts(&self) -> Vec<(PathBuf, String, bool)> {
        let points = self.container.items("mountPoints").iter();
        points
            .filter_map(|point| {
                let volume = point.filled("sourceVolume")?;
                let path = point.filled("containerPath")?.to_owned();
                let mut given = self.task.definition.items("volumes").iter();
                let given = given.find(|one| one.text("name") == Some(volume));
                let host = given.and_then(|one| one.map("host")?.filled("sourcePath"));
                let folder = match host {
                    Some(host) => PathBuf::from(host),
                    None => self.folder.join("volumes").join(volume),
                };
                Some((folder, path, point.flag("readOnly")))
            })
            .collect()
    }

    /// Changes what is kept of the container.
    fn note(&self, change: impl FnOnce(&mut super::ContainerState)) {
        self.inner.tasks.update(&self.task.key(), |task| {
            if let Some(state) = task.containers.get_mut(self.at) {
                change(state);
            }
        });
    }

    /// Notes how far the container is.
    fn tell(&self, phase: Phase) {
        let runtime = self.inner.aws.ids().u64() % 10_000_000_000;
        let runtime = format!("{}-{runtime}", self.task.id);
        self.note(|state| match &phase {
            Phase::Waiting => {}
            Phase::Running => {
                state.status = Status::Running;
                state.runtime_id = Some(runtime);
            }
            Phase::Healthy => state.healthy = Some(true),
            Phase::Unhealthy => state.healthy = Some(false),
            Phase::Exited(code) => {
                state.status = Status::Stopped;
                // One that never ran has no exit code.
                state.exit_code = state.runtime_id.as_ref().map(|_| *code);
            }
            Phase::Failed(reason) => {
                state.status = Status::Stopped;
                state.reason = Some(reason.clone());
            }
        });
        self.phases.send_modify(|phases| {
            if let Some(own) = phases.get_mut(self.at) {
                *own = phase;
            }
        });
    }
}

/// Waits until a container shall be killed for its use of memory, on request.
async fn exhausted(inner: &Inner, key: &str) {
    let rule = inner.struck(key, "memory").await;
    if let Some(delay) = rule.delay() {
        inner.aws.clock().sleep(delay).await;
    }
}

/// Waits until a flag is set; for ever where nobody will set it.
async fn until(flag: &mut watch::Receiver<bool>) {
    if flag.wait_for(|set| *set).await.is_err() {
        std::future::pending::<()>().await;
    }
}
