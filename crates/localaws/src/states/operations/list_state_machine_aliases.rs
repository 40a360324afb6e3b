//! `ListStateMachineAliases`: of a machine, or those that point to one of its versions.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::page::Page;
use crate::states::{States, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineArn")?, &["stateMachine"])?;
    let page = Page::of(input, &format!("aliases of {}", arn.text), 1024)?;
    let (machine_arn, version) = arn.qualifier();
    let machine = states.machines.get(machine_arn)?;
    if machine.deleting {
        return Err(errors::machine_deleting(machine_arn));
    }
    let to_version = version.map(|_| machine.aliases_to(arn.text));
    let shown = |name: &str| {
        to_version
            .as_ref()
            .is_none_or(|names| names.contains(&name))
    };
    let all = machine.aliases.iter().filter(|alias| shown(&alias.name));
    let (part, next) = page.cut(all.collect());
    let aliases = part.into_iter().map(|alias| {
        json!({
            "stateMachineAliasArn": machine.qualified(&alias.name),
            "creationDate": alias.created.to_string(),
        })
    });
    let mut out = json!({ "stateMachineAliases": aliases.collect::<Value>() });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
