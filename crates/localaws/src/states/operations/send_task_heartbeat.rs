//! `SendTaskHeartbeat`.

use std::sync::Arc;

use asl::Signal;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::input::Input;

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let token = input.required("taskToken")?;
    states.answer(token, |task| Signal::TaskHeartbeat { task })?;
    Ok(json!({}))
}
