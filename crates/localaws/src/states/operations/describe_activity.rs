//! `DescribeActivity`.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("activityArn")?, &["activity"])?;
    let activity = states.activities.get(arn.text)?;
    Ok(json!({
        "activityArn": activity.arn,
        "name": activity.name,
        "creationDate": activity.created.to_string(),
        "encryptionConfiguration": activity.encryption,
    }))
}
