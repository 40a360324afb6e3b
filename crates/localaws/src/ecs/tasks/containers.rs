//! The containers of one task: started in the order of their dependencies, ended together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use super::environment::variables;
use super::{Status, Stop, Task};
use crate::Job;
use crate::ecs::Inner;
use crate::ecs::engine::{Container, Launch};
use crate::ecs::task_definitions::is_essential;
use crate::params::Params;
use crate::process::Journal;

/// How long a container may take to end, in real time, where its definition says nothing.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
const LONGEST_STOP_TIMEOUT: i64 = 120;
/// How long a process keeps virtual time from passing, in real time. One that runs on waits for
/// something, and that something may be on the clock.
const HOLDS: Duration = Duration::from_secs(60);

/// How far a container is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    Exited(i64),
    Failed(String),
}

/// Running containers.
pub(super) struct Containers {
    inner: Arc<Inner>,
    key: String,
    essential: Vec<bool>,
    phases: watch::Receiver<Vec<Phase>>,
    /// Set to make all of them end.
    end: watch::Sender<bool>,
    jobs: Vec<Job<()>>,
    /// Removed with the last container.
    _folder: TempDir,
}

/// A container and what its job needs.
struct Member {
    inner: Arc<Inner>,
    task: Task,
    container: Value,
    at: usize,
    folder: PathBuf,
    phases: watch::Sender<Vec<Phase>>,
    end: watch::Receiver<bool>,
}

impl Containers {
    /// Starts the jobs of all containers.
    pub(super) async fn start(inner: &Arc<Inner>, task: &Task) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("ecs-").tempdir();
        let folder = folder.map_err(|error| format!("CannotCreateContainerError: {error}"))?;
        let containers = task.definition.items("containerDefinitions");
        let mut journals = Vec::new();
        for container in containers {
            journals.push(journal(inner, task, container).await?);
        }
        let (phases, watched) = watch::channel(vec![Phase::Waiting; containers.len()]);
        let (end, ending) = watch::channel(false);
        let now = inner.aws.clock().now();
        inner.tasks.update(&task.key(), |task| {
            task.times.pull_started = Some(now);
            task.times.pull_stopped = Some(now);
        });
        let mut jobs = Vec::new();
        for (at, (container, journal)) in containers.iter().zip(journals).enumerate() {
            let member = Member {
                inner: Arc::clone(inner),
                task: task.clone(),
                container: container.clone(),
                at,
                folder: folder.path().join(at.to_string()),
                phases: phases.clone(),
                end: ending.clone(),
            };
            jobs.push(inner.aws.spawn(member.run(journal)));
        }
        Ok(Self {
            inner: Arc::clone(inner),
            key: task.key(),
            essential: containers.iter().map(is_essential).collect(),
            phases: watched,
            end,
            jobs,
            _folder: folder,
        })
    }

    /// Waits until there is a reason to stop.
    pub(super) async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Stop {
        let mut running = false;
        loop {
            let phases = self.phases.borrow_and_update().clone();
            if let Some(reason) = self.reason(&phases, running) {
                return reason;
            }
            let up = |(phase, essential): (&Phase, &bool)| !essential || *phase != Phase::Waiting;
            if !running && phases.iter().zip(&self.essential).all(up) {
                running = true;
                let now = self.inner.aws.clock().now();
                self.inner.change(&self.key, |task| {
                    task.last_status = Status::Running;
                    task.times.started = Some(now);
                });
            }
            if let Some(reason) = self.exited(&phases) {
                return reason;
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => {
                    return Stop::new("UserInitiated", "Task stopped by user");
                }
                changed = self.phases.changed() => if changed.is_err() {
                    return Stop::new("EssentialContainerExited", "Essential container in task exited");
                },
            }
        }
    }

    /// A container that cannot run.
    fn reason(&self, phases: &[Phase], running: bool) -> Option<Stop> {
        phases
            .iter()
            .zip(&self.essential)
            .find_map(|(phase, essential)| match phase {
                Phase::Failed(reason) if *essential || !running => {
                    Some(Stop::new("TaskFailedToStart", reason.clone()))
                }
                _ => None,
            })
    }

    /// An essential container that ended.
    fn exited(&self, phases: &[Phase]) -> Option<Stop> {
        let mut phases = phases.iter().zip(&self.essential);
        let exited =
            phases.any(|(phase, essential)| *essential && matches!(phase, Phase::Exited(_)));
        exited.then(|| {
            Stop::new(
                "EssentialContainerExited",
                "Essential container in task exited",
            )
        })
    }

    /// Ends what still runs.
    pub(super) async fn end(mut self) {
        self.end.send_replace(true);
        for job in self.jobs.drain(..) {
            // A job that is gone has ended.
            let _ = job.await;
        }
    }
}

impl Member {
    async fn run(mut self, journal: Option<Arc<Journal>>) {
        if let Err(phase) = self.dependencies().await {
            return self.tell(phase);
        }
        // The process counts as work in flight.
        let mut busy = Some(self.inner.aws.clock().busy());
        let started = self.start(journal).await;
        let mut process = match started {
            Ok(process) => process,
            Err(reason) => return self.tell(Phase::Failed(reason)),
        };
        let mark = process.mark();
        self.inner.tasks.update(&self.task.key(), |task| {
            if let Some(container) = task.containers.get_mut(self.at) {
                container.mark = mark;
            }
        });
        self.tell(Phase::Running);
        let limit = self
            .container
            .number("stopTimeout")
            .map_or(STOP_TIMEOUT, |seconds| {
                Duration::from_secs(seconds.clamp(2, LONGEST_STOP_TIMEOUT).unsigned_abs())
            });
        let mut code = loop {
            tokio::select! {
                biased;
                code = process.ended() => break Some(code),
                _ = self.end.wait_for(|end| *end) => break None,
                () = tokio::time::sleep(HOLDS), if busy.is_some() => busy = None,
            }
        };
        if code.is_none() {
            process.terminate();
            // Real time, as everything that processes do takes.
            code = tokio::time::timeout(limit, process.ended()).await.ok();
        }
        let code = match code {
            Some(code) => code,
            None => {
                process.kill();
                process.ended().await
            }
        };
        self.tell(Phase::Exited(code));
        drop(busy);
    }

    /// Waits for the containers that this one depends on.
    async fn dependencies(&mut self) -> Result<(), Phase> {
        let containers = self.task.definition.items("containerDefinitions");
        let mut conditions = Vec::new();
        for dependency in self.container.items("dependsOn") {
            let name = dependency.text("containerName");
            let at = containers.iter().position(|one| one.text("name") == name);
            let condition = dependency.text("condition").unwrap_or_default().to_owned();
            if condition == "HEALTHY" {
                return Err(Phase::Failed(
                    "CannotStartContainerError: health checks are not run here, so nothing can \
                     wait for one"
                        .to_owned(),
                ));
            }
            conditions.extend(at.map(|at| (at, condition)));
        }
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
        let aws = &self.inner.aws;
        let environment = variables(aws, &self.task, &self.container).await?;
        let name = self.container.text("name").unwrap_or_default();
        let overriding = self.task.container_override(name);
        let mut command = self.container.texts("entryPoint");
        let given = overriding.filter(|one| one.member("command").is_some());
        command.extend(given.unwrap_or(&self.container).texts("command"));
        let launch = Launch {
            folder: self.folder.clone(),
            command,
            working_directory: self.container.text("workingDirectory").map(str::to_owned),
            environment,
            journal,
        };
        self.inner.engine.start(launch).await
    }

    /// Notes how far the container is.
    fn tell(&self, phase: Phase) {
        let runtime = self.inner.aws.ids().u64() % 10_000_000_000;
        self.inner.tasks.update(&self.task.key(), |task| {
            let runtime = format!("{}-{runtime}", task.id);
            let Some(container) = task.containers.get_mut(self.at) else {
                return;
            };
            match &phase {
                Phase::Waiting => {}
                Phase::Running => {
                    container.status = Status::Running;
                    container.runtime_id = Some(runtime);
                }
                Phase::Exited(code) => {
                    container.status = Status::Stopped;
                    // One that never ran has no exit code.
                    container.exit_code = container.runtime_id.as_ref().map(|_| *code);
                }
                Phase::Failed(reason) => {
                    container.status = Status::Stopped;
                    container.reason = Some(reason.clone());
                }
            }
        });
        self.phases.send_modify(|phases| {
            if let Some(own) = phases.get_mut(self.at) {
                *own = phase;
            }
        });
    }
}

/// Whether all conditions hold, or never will; nothing while that is open.
fn judge(conditions: &[(usize, String)], phases: &[Phase]) -> Option<Result<(), Phase>> {
    let mut open = false;
    for (at, condition) in conditions {
        let phase = phases.get(*at)?;
        match (condition.as_str(), phase) {
            (_, Phase::Waiting) | ("COMPLETE" | "SUCCESS", Phase::Running) => open = true,
            (_, Phase::Failed(_)) => {
                return Some(Err(Phase::Failed(
                    "CannotStartContainerError: dependent container failed to start".to_owned(),
                )));
            }
            ("SUCCESS", Phase::Exited(code)) if *code != 0 => {
                return Some(Err(Phase::Failed(
                    "CannotStartContainerError: dependent container did not exit successfully"
                        .to_owned(),
                )));
            }
            _ => {}
        }
    }
    (!open).then_some(Ok(()))
}

/// The log stream of a container with the `awslogs` driver; what others write is dropped.
async fn journal(
    inner: &Inner,
    task: &Task,
    container: &Value,
) -> Result<Option<Arc<Journal>>, String> {
    let log = container.map("logConfiguration");
    let Some(options) = log
        .filter(|log| log.text("logDriver") == Some("awslogs"))
        .and_then(|log| log.map("options"))
    else {
        return Ok(None);
    };
    let group = options.text("awslogs-group").unwrap_or_default();
    let name = container.text("name").unwrap_or_default();
    let stream = match options.filled("awslogs-stream-prefix") {
        Some(prefix) => format!("{prefix}/{name}/{}", task.id),
        None => task.id.clone(),
    };
    let mut scope = task.scope.clone();
    if let Some(region) = options.filled("awslogs-region") {
        region.clone_into(&mut scope.region);
    }
    let call = |action: &'static str, input: Value| inner.aws.call(&scope, "logs", action, input);
    if options.text("awslogs-create-group") == Some("true") {
        // It may exist already.
        let _ = call("CreateLogGroup", json!({ "logGroupName": group })).await;
    }
    let place = json!({ "logGroupName": group, "logStreamName": stream });
    match call("CreateLogStream", place).await {
        Ok(_) => {}
        Err(error) if error.code == "ResourceAlreadyExistsException" => {}
        Err(error) => {
            return Err(format!(
                "ResourceInitializationError: failed to validate logger args: create stream has \
                 been retried 1 times: failed to create Cloudwatch log stream: {}: {} : exit \
                 status 1",
                error.code, error.message
            ));
        }
    }
    let journal = Journal::begin(&inner.aws, &scope, group, stream).without_line_ends();
    Ok(Some(Arc::new(journal)))
}
