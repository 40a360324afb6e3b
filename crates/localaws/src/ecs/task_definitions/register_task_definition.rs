//! `RegisterTaskDefinition`.

use serde_json::{Value, json};

use super::TaskDefinition;
use super::check::check;
use super::normal::body;
use crate::ecs::{Inner, tag};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn register_task_definition(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        check(input)?;
        let family = input.text("family").unwrap_or_default();
        let revision = self.revisions.edit(&call.scope.key(family), |last| {
            let next = last.unwrap_or_default() + 1;
            *last = Some(next);
            next
        });
        let definition = TaskDefinition {
            scope: call.scope.clone(),
            family: family.to_owned(),
            revision,
            status: "ACTIVE".to_owned(),
            body: body(input),
            registered: self.aws.clock().now(),
            registered_by: call.caller.clone(),
            deregistered: None,
            tags: tag::given(input),
        };
        self.definitions.put(&definition.key(), definition.clone());
        let tags = tag::shown(&definition.tags);
        Ok(json!({ "taskDefinition": definition.shown(), "tags": tags }))
    }
}
