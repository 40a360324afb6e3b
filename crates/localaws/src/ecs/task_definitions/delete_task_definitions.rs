//! `DeleteTaskDefinitions`: takes out revisions that were deregistered before.

use serde_json::{Value, json};

use crate::ecs::Inner;
use crate::ecs::error::invalid;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn delete_task_definitions(&self, call: &Call) -> Result<Value, AwsError> {
        let named = call.input.texts("taskDefinitions");
        if named.is_empty() || named.len() > 10 {
            return Err(invalid(
                "TaskDefinitions must have between 1 and 10 members.",
            ));
        }
        let (mut deleted, mut failures) = (Vec::new(), Vec::new());
        for name in named {
            let failed = |reason: &str| json!({ "arn": name, "reason": reason });
            match self.definition(&call.scope, &name) {
                None => failures.push(failed("TASK_DEFINITION_NOT_FOUND")),
                Some(found) if found.is_active() => {
                    failures.push(failed("TASK_DEFINITION_IS_ACTIVE"));
                }
                Some(mut found) => {
                    self.definitions.remove(&found.key());
                    "DELETE_IN_PROGRESS".clone_into(&mut found.status);
                    deleted.push(found.shown());
                }
            }
        }
        Ok(json!({ "taskDefinitions": deleted, "failures": failures }))
    }
}
