//! `ListTagsForResource`.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::input::Input;
use crate::states::{States, tagging};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let tags = tagging::change(states, input.required("resourceArn")?, |tags| {
        Ok(tags.to_api())
    })?;
    Ok(json!({ "tags": tags }))
}
