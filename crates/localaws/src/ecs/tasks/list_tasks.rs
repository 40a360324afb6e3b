//! `ListTasks`.

use serde_json::Value;

use super::Task;
use crate::ecs::Inner;
use crate::ecs::list::list;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn list_tasks(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let cluster = self.cluster(call)?;
        if input.filled("serviceName").is_some() {
            return Err(AwsError::new(
                "ServiceNotFoundException",
                "Service not found.",
            ));
        }
        let is = |name: &str, value: Option<&str>| {
            input
                .filled(name)
                .is_none_or(|wanted| value == Some(wanted))
        };
        let status = input.text("desiredStatus").unwrap_or("RUNNING");
        let wanted = |task: &Task| {
            // Nothing is ever desired to be pending.
            let desired = if task.stop.is_some() {
                "STOPPED"
            } else {
                "RUNNING"
            };
            desired == status
                && is("family", Some(&task.family))
                && is("startedBy", task.started_by.as_deref())
                && is("launchType", Some(&task.launch_type))
                && is("containerInstance", None)
        };
        let prefix = call.scope.key(&format!("{}/", cluster.name));
        let mut arns = Vec::new();
        self.tasks.walk(&prefix, "", |_, task| {
            if wanted(task) {
                arns.push(task.arn());
            }
            true
        });
        list(call, "taskArns", arns)
    }
}
