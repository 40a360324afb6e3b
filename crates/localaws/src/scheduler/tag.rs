//! TagResource, UntagResource, ListTagsForResource: tags of schedule groups.

use super::Inner;
use super::state::not_found;
use crate::params::Params;
use crate::tags::{Tagged, Tags};
use crate::{AwsError, Call};

impl Tagged for Inner {
    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let arn = call.input.text("ResourceArn").unwrap_or_default();
        let name = arn.rsplit_once(":schedule-group/").map(|(_, name)| name);
        let name = name.ok_or_else(|| not_found("Resource", arn))?;
        let group = self.group(&call.scope, name)?;
        let key = call.scope.key(name);
        self.groups.insert(&key, group);
        let changed = self.groups.update(&key, |group| change(&mut group.tags));
        changed.ok_or_else(|| not_found("Resource", arn))
    }
}
