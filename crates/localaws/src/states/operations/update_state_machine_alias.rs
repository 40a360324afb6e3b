//! `UpdateStateMachineAlias`.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::machine::Alias;
use crate::states::{States, errors, routing};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineAliasArn")?, &["stateMachine"])?;
    let description = input.limited("description", 256)?;
    let routing = match input.0.get("routingConfiguration") {
        Some(_) => Some(routing::read(input)?.1),
        None => None,
    };
    if description.is_none() && routing.is_none() {
        return Err(AwsError::validation(
            "Either the description or the routing configuration must be specified",
        ));
    }
    let now = states.aws.clock().now();
    let (machine_arn, name) = arn.qualifier();
    let updated = states.machines.rows().update(machine_arn, |machine| {
        if machine.deleting {
            return Err(errors::machine_deleting(&machine.arn));
        }
        if let Some(routing) = &routing {
            routing::check(machine, routing)?;
        }
        let named = |alias: &&mut Alias| Some(&*alias.name) == name;
        let alias = machine.aliases.iter_mut().find(named);
        let alias = alias.ok_or_else(errors::no_such_reference)?;
        if let Some(description) = description {
            alias.description = Some(description.to_owned());
        }
        if let Some(routing) = routing {
            alias.routing = routing;
        }
        alias.updated = Some(now);
        Ok(())
    });
    updated.unwrap_or_else(|| Err(errors::no_such_reference()))?;
    Ok(json!({ "updateDate": now.to_string() }))
}
