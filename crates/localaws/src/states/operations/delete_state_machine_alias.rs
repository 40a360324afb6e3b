//! `DeleteStateMachineAlias`.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::{States, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineAliasArn")?, &["stateMachine"])?;
    let (machine_arn, name) = arn.qualifier();
    let deleted = states.machines.rows().update(machine_arn, |machine| {
        let before = machine.aliases.len();
        machine
            .aliases
            .retain(|alias| Some(alias.name.as_str()) != name);
        machine.aliases.len() < before
    });
    if deleted != Some(true) {
        return Err(errors::no_such_reference());
    }
    Ok(json!({}))
}
