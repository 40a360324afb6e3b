//! The life of a task, step by step on the clock.
//!
//! | step | takes |
//! |---|---|
//! | `PROVISIONING` (network interface) | one second, or longer where capacity is wanting on request |
//! | `PENDING` | one second |
//! | `ACTIVATING` | as long as it takes to pull images and to start the containers |
//! | `RUNNING` | as long as they run; virtual time stands still for the first minute |
//! | `STOPPING` | as long as the containers take to end |
//! | `DEPROVISIONING` | one second |
//!
//! Events are sent of those states of which recordings of Fargate count one: not of `ACTIVATING`
//! and `STOPPING`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::containers::Containers;
use super::{Status, Stop, Task};
use crate::ecs::Inner;

const STEP: Duration = Duration::from_secs(1);
/// What Fargate says where it has none.
const NO_CAPACITY: &str = "Capacity is unavailable at this time. Please try again later or in a \
                           different availability zone";

impl Inner {
    /// Takes up the tasks that lived when the store was last in use.
    pub(in crate::ecs) fn resume_tasks(self: &Arc<Self>) {
        for (key, task) in self.tasks.scan("") {
            match task.last_status {
                Status::Stopped => {}
                Status::Provisioning | Status::Pending => self.begin_life(key),
                _ => {
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
        if self.step(&mut stop, STEP).await {
            return asked();
        }
        if let Some(reason) = self.wait_for_capacity(key, &mut stop).await {
            return reason;
        }
        let now = self.aws.clock().now();
        self.change(key, |task| {
            task.last_status = Status::Pending;
            task.times.connected = Some(now);
        });
        if self.step(&mut stop, STEP).await {
            return asked();
        }
        self.pass_through(key, Status::Activating);
        let pulled = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return asked(),
            pulled = self.pull(key) => pulled,
        };
        if let Err(reason) = pulled {
            return Stop::new("TaskFailedToStart", reason);
        }
        let Some(task) = self.tasks.get(key) else {
            return asked();
        };
        let mut containers = match Containers::start(self, &task).await {
            Ok(containers) => containers,
            Err(reason) => return Stop::new("TaskFailedToStart", reason),
        };
        let reason = containers.run(&mut stop).await;
        self.pass_through(key, Status::Stopping);
        containers.end().await;
        let now = self.aws.clock().now();
        self.tasks
            .update(key, |task| task.times.execution_stopped = Some(now));
        reason
    }

    /// Waits where capacity is wanting on request, or gives up there.
    async fn wait_for_capacity(&self, key: &str, stop: &mut watch::Receiver<bool>) -> Option<Stop> {
        let rule = self.strike(key, "capacity")?;
        let Some(delay) = rule.delay() else {
            let reason = rule.given.message.as_deref().unwrap_or(NO_CAPACITY);
            return Some(Stop::new("TaskFailedToStart", reason));
        };
        let stopped = self.step(stop, delay).await;
        stopped.then(|| Stop::new("UserInitiated", "Task stopped by user"))
    }

    /// Lets a step's time pass; true where the task was told to stop.
    async fn step(&self, stop: &mut watch::Receiver<bool>, time: Duration) -> bool {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => true,
            () = self.aws.clock().sleep(time) => false,
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
