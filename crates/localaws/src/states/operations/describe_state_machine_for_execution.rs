//! `DescribeStateMachineForExecution`: the revision that an execution runs.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::{States, definition, errors};

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let data = input.one_of("includedData", &["METADATA_ONLY", "ALL_DATA"])?;
    let execution = states.executions.get(arn.text)?;
    let revision = states.machines.revision(&execution.revision);
    let text = states.definition_of(&execution);
    let (revision, text) = revision
        .zip(text)
        .ok_or_else(|| errors::no_such_execution(arn.text))?;
    let mut out = json!({
        "stateMachineArn": execution.public_machine(),
        "name": execution.machine_name(),
        "updateDate": revision.updated.to_string(),
    });
    revision.describe(&mut out);
    let program = states.program(&execution)?;
    definition::describe(&text, &program, data, &mut out);
    if let Some(parent) = &execution.parent {
        out["mapRunArn"] = (*parent.map_run_arn).into();
        out["label"] = parent.label.as_str().into();
    }
    Ok(out)
}
