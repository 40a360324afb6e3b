//! `DeleteStateMachine`: with its executions; succeeds also where there is none.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineArn")?, &["stateMachine"])?;
    if arn.qualifier().1.is_some() {
        return Err(AwsError::validation(
            "The state machine ARN must not have a version or an alias",
        ));
    }
    states
        .machines
        .rows()
        .update(arn.text, |machine| machine.deleting = true);
    states.delete_when_idle(arn.text);
    Ok(json!({}))
}
