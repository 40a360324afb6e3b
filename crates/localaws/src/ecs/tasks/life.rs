//! The life of a task, step by step on the clock.
//!
//! | step | takes |
//! |---|---|
//! | `PROVISIONING` (network interface) | one second |
//! | `PENDING` (pulling the image, which there is none of) | one second |
//! | `RUNNING` | as long as its processes run; virtual time stands still for the first minute |
//! | `DEPROVISIONING` | one second |

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::containers::Containers;
use super::{Status, Stop, Task};
use crate::ecs::Inner;

const STEP: Duration = Duration::from_secs(1);

impl Inner {
    /// Takes up the tasks that lived when the store was last in use.
    pub(in crate::ecs) fn resume_tasks(self: &Arc<Self>) {
        for (key, task) in self.tasks.scan("") {
            match task.last_status {
                Status::Stopped => {}
                Status::Provisioning | Status::Pending => self.begin_life(key),
                Status::Running | Status::Deprovisioning => {
                    let left = task.containers.iter().filter_map(|one| one.mark.as_deref());
                    left.for_each(|mark| self.engine.end_left_over(mark));
                    let inner = Arc::clone(self);
                    let lost = Stop::new(
                        "InfrastructureHealth",
                        "The endpoint was stopped while the task ran",
                    );
                    self.aws
                        .spawn(async move { inner.wind_up(&key, lost).await });
                }
            }
        }
    }

    /// Starts the job that leads a task through its life.
    pub(super) fn begin_life(self: &Arc<Self>, key: String) {
        let inner = Arc::clone(self);
        let stop = self.live.begin(&key);
        self.aws.spawn(async move {
            let reason = inner.live_on(&key, stop).await;
            inner.wind_up(&key, reason).await;
            inner.live.end(&key);
        });
    }

    /// Lives until there is a reason to stop.
    async fn live_on(self: &Arc<Self>, key: &str, mut stop: watch::Receiver<bool>) -> Stop {
        let asked = || Stop::new("UserInitiated", "Task stopped by user");
        if self.step(&mut stop).await {
            return asked();
        }
        let now = self.aws.clock().now();
        self.change(key, |task| {
            task.last_status = Status::Pending;
            task.times.connected = Some(now);
        });
        if self.step(&mut stop).await {
            return asked();
        }
        let Some(task) = self.tasks.get(key) else {
            return asked();
        };
        let mut containers = match Containers::start(self, &task).await {
            Ok(containers) => containers,
            Err(reason) => return Stop::new("TaskFailedToStart", reason),
        };
        let reason = containers.run(&mut stop).await;
        containers.end().await;
        let now = self.aws.clock().now();
        self.tasks
            .update(key, |task| task.times.execution_stopped = Some(now));
        reason
    }

    /// Lets a step's time pass; true where the task was told to stop.
    async fn step(&self, stop: &mut watch::Receiver<bool>) -> bool {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => true,
            () = self.aws.clock().sleep(STEP) => false,
        }
    }

    /// From the reason to stop to `STOPPED`. A reason that was given before counts.
    async fn wind_up(&self, key: &str, reason: Stop) {
        let now = self.aws.clock().now();
        let stopping = |task: &mut Task| {
            task.last_status = Status::Deprovisioning;
            task.stop.get_or_insert(reason);
            task.times.stopping.get_or_insert(now);
            task.times.execution_stopped.get_or_insert(now);
            for container in &mut task.containers {
                container.status = Status::Stopped;
            }
        };
        self.change(key, stopping);
        self.aws.clock().sleep(STEP).await;
        let now = self.aws.clock().now();
        self.change(key, |task| {
            task.last_status = Status::Stopped;
            task.times.stopped = Some(now);
        });
    }
}
