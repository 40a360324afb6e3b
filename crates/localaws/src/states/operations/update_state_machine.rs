//! `UpdateStateMachine`: a new revision, unless nothing changes.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::machine::{Revision, VERSIONS};
use crate::states::{States, configuration, definition, errors};

pub(super) async fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("stateMachineArn")?, &["stateMachine"])?;
    let machine = states.machines.get(arn.text)?;
    if machine.deleting {
        return Err(errors::machine_deleting(arn.text));
    }
    let changes = [
        "definition",
        "roleArn",
        "loggingConfiguration",
        "tracingConfiguration",
        "encryptionConfiguration",
    ];
    let publish = input.flag("publish");
    if changes.iter().all(|member| input.0.get(member).is_none()) && !publish {
        return Err(AwsError::new(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, or the \
             TracingConfiguration must be specified",
        ));
    }
    let description = configuration::version_description(input, publish)?;
    let logging = configuration::logging(states, input).await?;
    if let Some(text) = input.text("definition") {
        definition::check(text, machine.kind)?;
    }
    let encryption = configuration::encryption(input)?;
    let role_arn = input.text("roleArn").map(configuration::role).transpose()?;
    let gone = || errors::no_such_machine(arn.text);
    let kept = states
        .machines
        .revision(&machine.revision)
        .ok_or_else(gone)?;
    let mut revision = Revision::clone(&kept);
    if let Some(text) = input.text("definition") {
        revision.definition = text.to_owned();
    }
    if let Some(role_arn) = role_arn {
        revision.role_arn = role_arn.into();
    }
    if let Some(logging) = logging {
        revision.logging = logging;
    }
    if let Some(tracing) = configuration::tracing(input) {
        revision.tracing = tracing;
    }
    if let Some(encryption) = encryption {
        revision.encryption = encryption;
    }
    let now = states.aws.clock().now();
    let changed = !revision.same_as(&kept);
    if changed {
        revision.id = Some(states.aws.ids().uuid());
        revision.updated = now;
    }
    let known = !changed && machine.is_published(&machine.revision);
    if publish && !known && machine.has_all_versions() {
        return Err(errors::quota("versions", VERSIONS));
    }
    let (revision_id, updated) = (revision.id.clone(), revision.updated);
    let key = changed.then(|| states.machines.keep(arn.text, revision));
    let version = states.machines.rows().update(arn.text, |machine| {
        if let Some(key) = key {
            machine.revision = key;
        }
        publish.then(|| {
            let number = machine.publish(description, now).number;
            machine.qualified(number)
        })
    });
    let mut out = json!({ "updateDate": updated.to_string() });
    if let Some(id) = revision_id {
        out["revisionId"] = id.into();
    }
    if let Some(version) = version.ok_or_else(gone)? {
        out["stateMachineVersionArn"] = version.into();
    }
    Ok(out)
}
