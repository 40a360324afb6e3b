//! TagResource, UntagResource, ListTagsForResource: tags of buses and rules.

use super::Inner;
use super::state::{DEFAULT, not_found, rule_key};
use crate::arn::Arn;
use crate::params::Params;
use crate::tags::{Tagged, Tags};
use crate::{AwsError, Call};

impl Tagged for Inner {
    fn retag<R>(&self, call: &Call, change: impl FnOnce(&mut Tags) -> R) -> Result<R, AwsError> {
        let arn = call.input.text("ResourceARN").unwrap_or_default();
        let missing = || not_found(format!("Resource {arn} does not exist."));
        let parsed = Arn::parse(arn).filter(|arn| arn.service == "events");
        let parsed = parsed.ok_or_else(missing)?;
        let scope = parsed.scope(&call.scope);
        let parts: Vec<_> = parsed.resource.split('/').collect();
        let changed = match parts.as_slice() {
            ["rule", name] => {
                let key = rule_key(&scope, DEFAULT, name);
                self.rules.update(&key, |rule| change(&mut rule.tags))
            }
            ["rule", bus, name] => {
                let key = rule_key(&scope, bus, name);
                self.rules.update(&key, |rule| change(&mut rule.tags))
            }
            ["event-bus", name] => {
                let bus = self.bus(&scope, name)?;
                self.buses.insert(&scope.key(name), bus);
                self.buses
                    .update(&scope.key(name), |bus| change(&mut bus.tags))
            }
            _ => None,
        };
        changed.ok_or_else(missing)
    }
}
