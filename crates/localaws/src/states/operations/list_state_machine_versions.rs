//! `ListStateMachineVersions`: newest first.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::page::Page;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineArn")?, &["stateMachine"])?;
    let page = Page::of(input, &format!("versions of {}", arn.text), 1024)?;
    let machine = states.machines.get(arn.text)?;
    let (part, next) = page.cut(machine.versions.iter().rev().collect());
    let versions = part.into_iter().map(|version| {
        json!({
            "stateMachineVersionArn": machine.qualified(version.number),
            "creationDate": version.created.to_string(),
        })
    });
    let mut out = json!({ "stateMachineVersions": versions.collect::<Value>() });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
