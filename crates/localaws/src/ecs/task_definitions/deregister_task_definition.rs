//! `DeregisterTaskDefinition`. What runs goes on; nothing new starts from it.

use serde_json::{Value, json};

use crate::ecs::Inner;
use crate::ecs::error::{client, invalid};
use crate::ecs::names::last;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn deregister_task_definition(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let named = call.input.text("taskDefinition").unwrap_or_default();
        if !last(named).contains(':') {
            return Err(invalid("Revision is missing."));
        }
        let found = self.definition(&call.scope, named);
        let missing = || client("The specified task definition does not exist.");
        let found = found.ok_or_else(missing)?;
        let now = self.aws.clock().now();
        let shown = self.definitions.update(&found.key(), |definition| {
            if definition.is_active() {
                "INACTIVE".clone_into(&mut definition.status);
                definition.deregistered = Some(now);
            }
            definition.shown()
        });
        Ok(json!({ "taskDefinition": shown.ok_or_else(missing)? }))
    }
}
