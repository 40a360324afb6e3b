//! `DeleteActivity`: succeeds also where there is none.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("activityArn")?, &["activity"])?;
    states.activities.remove(arn.text);
    Ok(json!({}))
}
