//! `PublishStateMachineVersion`: idempotent for the same revision.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::machine::VERSIONS;
use crate::states::{States, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineArn")?, &["stateMachine"])?;
    let description = input.limited("description", 256)?;
    let expected = input.text("revisionId");
    let machine = states.machines.get(arn.text)?;
    if machine.deleting {
        return Err(errors::machine_deleting(arn.text));
    }
    let revision = states.machines.revision(&machine.revision);
    let revision = revision.ok_or_else(|| errors::no_such_machine(arn.text))?;
    if let Some(expected) = expected.filter(|id| *id != revision.public_id()) {
        return Err(errors::conflict(format!(
            "Failed to publish the State Machine version for revision {expected}. The current \
             State Machine revision is {}.",
            revision.public_id()
        )));
    }
    let now = states.aws.clock().now();
    let published = states.machines.rows().update(arn.text, |machine| {
        let known = machine.is_published(&machine.revision);
        if !known && machine.has_all_versions() {
            return Err(errors::quota("versions", VERSIONS));
        }
        let version = machine.publish(description, now);
        let (number, created) = (version.number, version.created);
        Ok((machine.qualified(number), created))
    });
    let published = published.ok_or_else(|| errors::no_such_machine(arn.text))?;
    let (version_arn, created) = published?;
    Ok(json!({
        "stateMachineVersionArn": version_arn,
        "creationDate": created.to_string(),
    }))
}
