//! `DescribeStateMachineAlias`.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::machine::Route;
use crate::states::{States, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineAliasArn")?, &["stateMachine"])?;
    let (machine_arn, name) = arn.qualifier();
    let machine = states.machines.rows().get(machine_arn);
    let alias = machine
        .as_ref()
        .zip(name)
        .and_then(|(machine, name)| machine.alias(name));
    let alias = alias.ok_or_else(errors::no_such_reference)?;
    let mut out = json!({
        "stateMachineAliasArn": arn.text,
        "name": alias.name,
        "routingConfiguration": alias.routing.iter().map(Route::to_api).collect::<Value>(),
        "creationDate": alias.created.to_string(),
    });
    if let Some(description) = &alias.description {
        out["description"] = description.as_str().into();
    }
    if let Some(updated) = alias.updated {
        out["updateDate"] = updated.to_string().into();
    }
    Ok(out)
}
