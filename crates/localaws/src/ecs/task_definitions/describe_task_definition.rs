//! `DescribeTaskDefinition`.

use serde_json::{Value, json};

use crate::ecs::error::client;
use crate::ecs::{Inner, tag};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn describe_task_definition(&self, call: &Call) -> Result<Value, AwsError> {
        let named = call.input.text("taskDefinition").unwrap_or_default();
        let definition = self.definition(&call.scope, named);
        let definition = definition.ok_or_else(|| client("Unable to describe task definition."))?;
        let mut output = json!({ "taskDefinition": definition.shown(), "tags": [] });
        if call.input.texts("include").iter().any(|one| one == "TAGS") {
            output["tags"] = tag::shown(&definition.tags);
        }
        Ok(output)
    }
}
