//! The containers of one task: started in the order of their dependencies, ended together.

use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::watch;

use super::log::journal;
use super::member::Member;
use super::{Status, Stop, Task};
use crate::Job;
use crate::ecs::Inner;
use crate::ecs::task_definitions::is_essential;
use crate::params::Params;

/// How far a container is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    Waiting,
    Running,
    Healthy,
    Unhealthy,
    Exited(i64),
    Failed(String),
}

/// Running containers.
pub(super) struct Containers {
    inner: Arc<Inner>,
    key: String,
    spot: bool,
    essential: Vec<bool>,
    phases: watch::Receiver<Vec<Phase>>,
    /// Set to make all of them end.
    end: watch::Sender<bool>,
    /// Set where virtual time shall not wait for them any more.
    idle: watch::Sender<bool>,
    jobs: Vec<Job<()>>,
    /// Removed with the last container.
    _folder: TempDir,
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
        let (idle, idling) = watch::channel(false);
        let mut jobs = Vec::new();
        for (at, (container, journal)) in containers.iter().zip(journals).enumerate() {
            let member = Member {
                inner: Arc::clone(inner),
                task: task.clone(),
                container: container.clone(),
                at,
                folder: folder.path().to_owned(),
                phases: phases.clone(),
                end: ending.clone(),
                idle: idling.clone(),
            };
            jobs.push(inner.aws.spawn(member.run(journal)));
        }
        Ok(Self {
            inner: Arc::clone(inner),
            key: task.key(),
            spot: task.is_spot(),
            essential: containers.iter().map(is_essential).collect(),
            phases: watched,
            end,
            idle,
            jobs,
            _folder: folder,
        })
    }

    /// Waits until there is a reason to stop.
    pub(super) async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Stop {
        let mut running = false;
        let inner = Arc::clone(&self.inner);
        let interrupted = interrupted(&inner, &self.key, self.idle.clone());
        tokio::pin!(interrupted);
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
                reason = &mut interrupted, if running && self.spot => {
                    self.inner.ask_to_stop(&self.key, reason.clone());
                    return reason;
                }
                changed = self.phases.changed() => if changed.is_err() {
                    return over();
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
        exited.then(over)
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

fn over() -> Stop {
    Stop::new(
        "EssentialContainerExited",
        "Essential container in task exited",
    )
}

/// Waits until capacity of Fargate Spot is taken away from the task on request. Virtual time does
/// not wait for the containers once that is decided: they shall not end first.
async fn interrupted(inner: &Inner, key: &str, idle: watch::Sender<bool>) -> Stop {
    let rule = inner.struck(key, "spot").await;
    if let Some(delay) = rule.delay() {
        idle.send_replace(true);
        inner.aws.clock().sleep(delay).await;
    }
    let reason = rule.given.message.as_deref();
    Stop::new(
        "SpotInterruption",
        reason.unwrap_or("Your Spot Task was interrupted."),
    )
}
