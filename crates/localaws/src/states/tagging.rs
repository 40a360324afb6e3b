//! Finds the tags of a resource: only state machines and activities have any.

use crate::AwsError;

use super::arn::Arn;
use super::tags::Tags;
use super::{States, errors};

/// Looks at or changes the tags of a resource.
pub(super) fn change<R>(
    states: &States,
    resource: &str,
    change: impl FnOnce(&mut Tags) -> Result<R, AwsError>,
) -> Result<R, AwsError> {
    let arn = Arn::parse(resource, &["stateMachine", "activity"])?;
    let done = if arn.kind == "activity" {
        let rows = states.activities.rows();
        rows.update(arn.text, |row| change(&mut row.tags))
    } else {
        let rows = states.machines.rows();
        rows.update(arn.text, |row| change(&mut row.tags))
    };
    done.unwrap_or_else(|| Err(errors::no_such_resource(resource)))
}
