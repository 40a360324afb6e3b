//! `DescribeClusters`.

use serde_json::{Value, json};

use super::DEFAULT;
use crate::ecs::Inner;
use crate::ecs::names::last;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn describe_clusters(&self, call: &Call) -> Result<Value, AwsError> {
        let mut asked = call.input.texts("clusters");
        if asked.is_empty() {
            asked.push(DEFAULT.to_owned());
        }
        let include = call.input.texts("include");
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        for name in asked.iter().map(|name| last(name)) {
            let Some(cluster) = self.clusters.get(&call.scope.key(name)) else {
                let arn = call.scope.arn("ecs", &format!("cluster/{name}"));
                failures.push(json!({ "arn": arn, "reason": "MISSING" }));
                continue;
            };
            let mut shown = self.shown_cluster(&cluster);
            let whole = self.whole_cluster(&cluster);
            for (asked_for, member) in [
                ("SETTINGS", "settings"),
                ("TAGS", "tags"),
                ("CONFIGURATIONS", "configuration"),
            ] {
                if let (true, Some(value)) = (
                    include.iter().any(|one| one == asked_for),
                    whole.member(member),
                ) {
                    shown[member] = value.clone();
                }
            }
            found.push(shown);
        }
        Ok(json!({ "clusters": found, "failures": failures }))
    }
}
