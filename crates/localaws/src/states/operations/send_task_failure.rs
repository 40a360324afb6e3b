//! `SendTaskFailure`.

use std::sync::Arc;

use asl::{FailedPhase, Signal};
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::input::Input;

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let token = input.required("taskToken")?;
    let error = input.limited("error", 256)?.map(str::to_owned);
    let cause = input.limited("cause", 32_768)?.map(str::to_owned);
    states.answer(token, |task| Signal::TaskFailed {
        task,
        phase: FailedPhase::Run,
        error,
        cause,
    })?;
    Ok(json!({}))
}
