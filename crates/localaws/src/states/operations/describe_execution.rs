//! `DescribeExecution`.

use serde_json::Value;

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let data = input.one_of("includedData", &["METADATA_ONLY", "ALL_DATA"])?;
    let execution = states.executions.get(arn.text)?;
    let mut out = execution.describe(data != Some("METADATA_ONLY"));
    states.redrive_status(&execution).describe(&mut out);
    Ok(out)
}
