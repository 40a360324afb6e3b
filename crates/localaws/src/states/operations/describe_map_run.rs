//! `DescribeMapRun`.

use serde_json::Value;

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("mapRunArn")?, &["mapRun"])?;
    Ok(states.map_runs.get(arn.text)?.describe())
}
