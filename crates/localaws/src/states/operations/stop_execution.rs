//! `StopExecution`: answers with the date of the end also when it had ended before.

use std::sync::Arc;

use asl::Signal;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let error = input.limited("error", 256)?.map(str::to_owned);
    let cause = input.limited("cause", 32_768)?.map(str::to_owned);
    states.executions.get(arn.text)?;
    states.signal(arn.text, Signal::Stop { error, cause });
    let stopped = states.executions.get(arn.text)?.stopped;
    let stopped = stopped.unwrap_or_else(|| states.aws.clock().now());
    Ok(json!({ "stopDate": stopped.to_string() }))
}
