//! `ListActivities`.

use serde_json::{Value, json};

use crate::states::input::Input;
use crate::states::page::Page;
use crate::states::{States, arn};
use crate::{AwsError, Scope};

pub(super) fn run(states: &States, scope: &Scope, input: Input<'_>) -> Result<Value, AwsError> {
    let page = Page::of(input, "activities", 1024)?;
    let all = states.activities.rows().scan(&arn::activity(scope, ""));
    let (part, next) = page.cut(all);
    let activities = part.into_iter().map(|(arn, activity)| {
        json!({
            "activityArn": arn,
            "name": activity.name,
            "creationDate": activity.created.to_string(),
        })
    });
    let mut out = json!({ "activities": activities.collect::<Value>() });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
