//! `RedriveExecution`: an execution that did not succeed goes on where it failed.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let token = input.limited("clientToken", 64)?;
    let date = states.redrive(arn.text, token)?;
    Ok(json!({ "redriveDate": date.to_string() }))
}
