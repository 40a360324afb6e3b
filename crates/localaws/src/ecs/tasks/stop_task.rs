//! `StopTask`.

use serde_json::{Value, json};

use super::{Status, Stop, Task};
use crate::ecs::Inner;
use crate::ecs::error::invalid;
use crate::ecs::names::last;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn stop_task(&self, call: &Call) -> Result<Value, AwsError> {
        let cluster = self.cluster(call)?;
        let id = last(call.input.text("task").unwrap_or_default());
        let key = call.scope.key(&format!("{}/{id}", cluster.name));
        let reason = call.input.filled("reason");
        let stop = Stop::new("UserInitiated", reason.unwrap_or("Task stopped by user"));
        let task = self.ask_to_stop(&key, stop);
        let task = task.ok_or_else(|| invalid("The referenced task was not found."))?;
        Ok(json!({ "task": task.shown() }))
    }

    /// Tells a task to stop, unless it already does. The answer is the task, where there is one.
    pub(super) fn ask_to_stop(&self, key: &str, stop: Stop) -> Option<Task> {
        let now = self.aws.clock().now();
        let wanted = |task: &Task| task.stop.is_none() && task.last_status != Status::Stopped;
        if self.tasks.with(key, wanted)? {
            // AWS sends an event of the wish too.
            self.change(key, |task| {
                task.stop.get_or_insert(stop);
                task.times.stopping.get_or_insert(now);
            });
        }
        self.live.stop(key);
        self.tasks.get(key)
    }
}
