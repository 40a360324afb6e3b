//! `UpdateResource`

use serde_json::Value;

use super::create_resource::validate;
use super::request::{Done, Operation};
use super::{CloudControl, identifier, patch, required};
use crate::resources::{Replacement, Schema};
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) async fn update_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let (cx, schema) = self.context(call, "UPDATE")?;
        let found = self.found(&cx, identifier(call, schema)?).await?;
        let document = required(call, "PatchDocument")?;
        let steps = patch::parse(document).map_err(AwsError::validation)?;
        let changed: Vec<&str> = steps.iter().flat_map(patch::Step::changes).collect();
        refuse_fixed(schema, &changed)?;
        let before = schema.without_read_only(found.live);
        let mut after = before.clone();
        patch::apply(&mut after, &steps).map_err(AwsError::validation)?;
        validate(schema, &after)?;
        let resources = self.resources.clone();
        let (context, identifier) = (cx.clone(), found.identifier.clone());
        let physical_id = found.physical_id;
        self.begin(
            call,
            &cx,
            Operation::Update,
            Some(found.identifier),
            async move {
                resources
                    .update(&context, &physical_id, &before, &after)
                    .await?;
                let model = resources.read(&context, &physical_id, &after).await?;
                Ok(Done { identifier, model })
            },
        )
    }
}

/// Refuses changes of what only the service sets, and of what is set only when a resource is made.
fn refuse_fixed(schema: &Schema, changed: &[&str]) -> Result<(), AwsError> {
    let paths = |fixed: &dyn Fn(&str) -> bool| {
        let found = changed
            .iter()
            .filter(|path| fixed(path.trim_start_matches('/')));
        found
            .map(|path| format!("/properties{path}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let read_only = paths(&|path| schema.is_read_only(path));
    if !read_only.is_empty() {
        return Err(AwsError::validation(format!(
            "Invalid patch update: readOnlyProperties [{read_only}] cannot be updated"
        )));
    }
    let create_only = paths(&|path| schema.replaces(path) == Replacement::Always);
    if !create_only.is_empty() {
        return Err(AwsError::new(
            "NotUpdatableException",
            format!("Invalid patch update: createOnlyProperties [{create_only}] cannot be updated"),
        ));
    }
    Ok(())
}
