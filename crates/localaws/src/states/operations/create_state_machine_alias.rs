//! `CreateStateMachineAlias`: idempotent for the same routing and description.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::input::Input;
use crate::states::machine::Alias;
use crate::states::{States, errors, routing};

/// As many aliases can a state machine have.
const ALIASES: usize = 100;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let name = routing::alias_name(input)?;
    let description = input.limited("description", 256)?.map(str::to_owned);
    let (machine_arn, routing) = routing::read(input)?;
    let now = states.aws.clock().now();
    let created = states.machines.rows().update(&machine_arn, |machine| {
        routing::check(machine, &routing)?;
        if machine.deleting {
            return Err(errors::machine_deleting(&machine.arn));
        }
        if let Some(existing) = machine.alias(name) {
            if existing.routing != routing || existing.description != description {
                return Err(errors::conflict(
                    "Failed to create alias because an alias with the same name and a different \
                     routing configuration already exists.",
                ));
            }
            return Ok((machine.qualified(name), existing.created));
        }
        if machine.aliases.len() >= ALIASES {
            return Err(errors::quota("aliases", ALIASES));
        }
        machine.aliases.push(Alias {
            name: name.to_owned(),
            description,
            routing,
            created: now,
            updated: None,
        });
        Ok((machine.qualified(name), now))
    });
    let (arn, created) = created.unwrap_or_else(|| Err(errors::no_such_reference()))?;
    Ok(json!({ "stateMachineAliasArn": arn, "creationDate": created.to_string() }))
}
