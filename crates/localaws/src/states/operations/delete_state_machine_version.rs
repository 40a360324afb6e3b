//! `DeleteStateMachineVersion`: not while an alias points to it.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::{States, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineVersionArn")?, &["stateMachine"])?;
    let (machine_arn, Some(number)) = arn.qualifier() else {
        return Err(AwsError::validation(
            "The ARN must be of a state machine version",
        ));
    };
    let deleted = states.machines.rows().update(machine_arn, |machine| {
        let aliases = machine.aliases_to(arn.text);
        if !aliases.is_empty() {
            return Err(errors::conflict(format!(
                "Version to be deleted must not be referenced by an alias. Current list of \
                 aliases referencing this version: [{}]",
                aliases.join(", ")
            )));
        }
        machine
            .versions
            .retain(|version| version.number.to_string() != number);
        Ok(())
    });
    deleted.unwrap_or(Ok(()))?;
    Ok(json!({}))
}
