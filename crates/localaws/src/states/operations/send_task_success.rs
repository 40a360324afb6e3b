//! `SendTaskSuccess`.

use std::sync::Arc;

use asl::Signal;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::input::Input;
use crate::states::{States, json_text};

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let token = input.required("taskToken")?;
    let output = input.payload("output")?.unwrap_or_default().to_owned();
    json_text::check(&output)
        .map_err(|fault| AwsError::new("InvalidOutput", format!("Invalid Output: '{fault}'")))?;
    states.answer(token, |task| Signal::TaskSucceeded { task, output })?;
    Ok(json!({}))
}
