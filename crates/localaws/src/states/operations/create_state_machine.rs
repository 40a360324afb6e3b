//! `CreateStateMachine`: idempotent for the same definition, type and configuration.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::states::input::Input;
use crate::states::machine::{Machine, Revision};
use crate::states::tags::Tags;
use crate::states::{States, arn, configuration, definition, errors};
use crate::{AwsError, Scope};

pub(super) async fn run(
    states: &States,
    scope: &Scope,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let name = input.name("name")?;
    let text = input.required("definition")?;
    let role_arn = configuration::role(input.required("roleArn")?)?;
    let kind = definition::kind(input)?;
    let publish = input.flag("publish");
    let description = configuration::version_description(input, publish)?;
    let logging = configuration::logging(states, input).await?;
    definition::check(text, kind)?;
    let tags = Tags::read(input.list("tags"))?;
    let arn = arn::state_machine(scope, name);
    let now = states.aws.clock().now();
    let revision = Revision {
        id: None,
        definition: text.to_owned(),
        role_arn: role_arn.into(),
        logging: logging.unwrap_or_else(configuration::no_logging),
        tracing: configuration::tracing(input).unwrap_or_else(|| json!({ "enabled": false })),
        encryption: configuration::encryption(input)?.unwrap_or_else(configuration::own_encryption),
        updated: now,
    };
    // Two callers who make the same machine at once must not mix their revisions.
    let creating = states.creating();
    if let Ok(existing) = states.machines.get(&arn) {
        if existing.deleting {
            return Err(errors::machine_deleting(&arn));
        }
        let kept = states.machines.revision(&existing.revision);
        // A different role or different tags do not make it another state machine.
        let same = kept.is_some_and(|kept| {
            let role_arn = Arc::clone(&kept.role_arn);
            kept.same_as(&Revision {
                role_arn,
                ..revision
            })
        });
        if !same || existing.kind != kind {
            return Err(already_exists(&arn));
        }
    } else {
        let machine = Machine {
            arn: arn.as_str().into(),
            name: name.into(),
            kind,
            created: now,
            deleting: false,
            revision: states.machines.keep(&arn, revision),
            last_version: 0,
            versions: Vec::new(),
            aliases: Vec::new(),
            tags,
        };
        states.machines.rows().put(&arn, machine);
    }
    drop(creating);
    let version = publish.then(|| {
        states.machines.rows().update(&arn, |machine| {
            let number = machine.publish(description, now).number;
            machine.qualified(number)
        })
    });
    let machine = states.machines.get(&arn)?;
    let mut out = json!({ "stateMachineArn": arn, "creationDate": machine.created.to_string() });
    if let Some(version) = version.flatten() {
        out["stateMachineVersionArn"] = version.into();
    }
    Ok(out)
}

fn already_exists(arn: &str) -> AwsError {
    AwsError::new(
        "StateMachineAlreadyExists",
        format!("State Machine Already Exists: '{arn}'"),
    )
}
