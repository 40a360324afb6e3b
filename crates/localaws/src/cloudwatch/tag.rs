//! TagResource, UntagResource, ListTagsForResource: tags of alarms and dashboards.

use super::Inner;
use super::state::not_found;
use crate::params::Params;
use crate::tags::{Tagged, Tags};
use crate::{AwsError, Call};

impl Tagged for Inner {
    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let arn = call.input.text("ResourceARN").unwrap_or_default();
        let alarm = arn.split_once(":alarm:").map(|(_, name)| name);
        let dashboard = arn.split_once(":dashboard/").map(|(_, name)| name);
        let changed = match (alarm, dashboard) {
            (Some(name), _) => {
                let key = call.scope.key(name);
                self.alarms.update(&key, |alarm| change(&mut alarm.tags))
            }
            (None, Some(name)) => {
                let key = super::dashboard::key(call, name);
                self.dashboards.update(&key, |one| change(&mut one.tags))
            }
            (None, None) => None,
        };
        changed.ok_or_else(|| {
            let mut error = not_found(format!("Resource {arn} does not exist"));
            error.code = "ResourceNotFoundException".to_owned();
            error
        })
    }
}
