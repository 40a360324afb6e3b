//! `DescribeTasks`.

use serde_json::{Value, json};

use crate::ecs::Inner;
use crate::ecs::error::invalid;
use crate::ecs::names::last;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn describe_tasks(&self, call: &Call) -> Result<Value, AwsError> {
        let cluster = self.cluster(call)?;
        let asked = call.input.texts("tasks");
        if asked.is_empty() || asked.len() > 100 {
            return Err(invalid("Tasks cannot be empty, nor more than 100."));
        }
        let with_tags = call.input.texts("include").iter().any(|one| one == "TAGS");
        let (mut tasks, mut failures) = (Vec::new(), Vec::new());
        for name in asked {
            let id = last(&name);
            let key = call.scope.key(&format!("{}/{id}", cluster.name));
            match self.tasks.get(&key) {
                Some(task) if with_tags => tasks.push(task.shown_with_tags()),
                Some(task) => tasks.push(task.shown()),
                None => {
                    let place = format!("task/{}/{id}", cluster.name);
                    let arn = call.scope.arn("ecs", &place);
                    failures.push(json!({ "arn": arn, "reason": "MISSING" }));
                }
            }
        }
        Ok(json!({ "tasks": tasks, "failures": failures }))
    }
}
