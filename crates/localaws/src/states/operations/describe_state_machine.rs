//! `DescribeStateMachine`: by the ARN of a machine, version or alias.

use asl::Kind;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::input::Input;
use crate::states::{States, definition, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = input.required("stateMachineArn")?;
    let data = input.one_of("includedData", &["METADATA_ONLY", "ALL_DATA"])?;
    let target = states.machines.resolve(arn, states.dice())?;
    let machine = target.machine;
    let revision = states.machines.revision(&target.revision);
    let revision = revision.ok_or_else(|| errors::no_such_machine(arn))?;
    let mut out = json!({
        "stateMachineArn": arn,
        "name": machine.name,
        "status": if machine.deleting { "DELETING" } else { "ACTIVE" },
        "type": match machine.kind {
            Kind::Standard => "STANDARD",
            Kind::Express => "EXPRESS",
        },
        "creationDate": machine.created.to_string(),
    });
    revision.describe(&mut out);
    let program = states.machines.program(&target.revision)?;
    definition::describe(&revision.definition, &program, data, &mut out);
    if let Some((version_arn, None)) = target.version_arn.zip(Some(target.alias_arn)) {
        let number = version_arn.rsplit(':').next().unwrap_or_default();
        if let Some(version) = machine.version(number) {
            out["creationDate"] = version.created.to_string().into();
            if let Some(description) = &version.description {
                out["description"] = description.as_str().into();
            }
        }
    }
    Ok(out)
}
