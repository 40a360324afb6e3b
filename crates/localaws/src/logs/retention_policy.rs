//! `PutRetentionPolicy` and `DeleteRetentionPolicy`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::invalid;

const DAYS: [i64; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

impl Logs {
    pub(super) fn put_retention_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let days = call.input.number("retentionInDays").unwrap_or_default();
        if !DAYS.contains(&days) {
            let allowed = DAYS.iter().map(i64::to_string).collect::<Vec<_>>();
            return Err(invalid(format!(
                "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy \
                 constraint: Member must satisfy enum value set: [{}]",
                allowed.join(", ")
            )));
        }
        self.groups.update(&call.scope.key(&group.name), |group| {
            group.retention = Some(days);
        });
        Ok(json!({}))
    }

    pub(super) fn delete_retention_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        self.groups.update(&call.scope.key(&group.name), |group| {
            group.retention = None;
        });
        Ok(json!({}))
    }
}
