//! `CreateActivity`: idempotent for the same name and encryption.

use serde_json::{Value, json};

use crate::states::activity::Activity;
use crate::states::input::Input;
use crate::states::tags::Tags;
use crate::states::{States, arn, configuration};
use crate::{AwsError, Scope};

pub(super) fn run(states: &States, scope: &Scope, input: Input<'_>) -> Result<Value, AwsError> {
    let name = input.name("name")?;
    let activity = Activity {
        arn: arn::activity(scope, name),
        name: name.to_owned(),
        created: states.aws.clock().now(),
        tags: Tags::read(input.list("tags"))?,
        encryption: configuration::encryption(input)?.unwrap_or_else(configuration::own_encryption),
    };
    let arn = activity.arn.clone();
    let encryption = activity.encryption.clone();
    states.activities.rows().insert(&arn, activity);
    let kept = states.activities.get(&arn)?;
    if kept.encryption != encryption {
        return Err(AwsError::new(
            "ActivityAlreadyExists",
            format!("Activity Already Exists: '{arn}'"),
        ));
    }
    Ok(json!({ "activityArn": arn, "creationDate": kept.created.to_string() }))
}
