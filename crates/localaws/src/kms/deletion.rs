//! `ScheduleKeyDeletion` and `CancelKeyDeletion`. A key whose time has come is gone with the next
//! look at the service, so no timer is needed.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Kms;

impl Kms {
    pub(super) fn schedule_key_deletion(&self, call: &Call) -> Result<Value, AwsError> {
        let days = call.input.number("PendingWindowInDays").unwrap_or(30);
        if !(7..=30).contains(&days) {
            return Err(AwsError::validation(format!(
                "1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to \
                 satisfy constraint: Member must have value between 7 and 30"
            )));
        }
        let now = self.aws.clock().now();
        let at = now.saturating_add(SignedDuration::from_hours(24 * days));
        let at = at.map_err(|error| AwsError::internal(error.to_string()))?;
        self.change(call, |key| {
            key.check_kept()?;
            key.deletion = Some(at);
            key.enabled = false;
            Ok(json!({
                "KeyId": key.arn,
                "DeletionDate": at.to_string(),
                "KeyState": "PendingDeletion",
                "PendingWindowInDays": days,
            }))
        })
    }

    pub(super) fn cancel_key_deletion(&self, call: &Call) -> Result<Value, AwsError> {
        self.change(call, |key| match key.deletion.take() {
            Some(_) => Ok(json!({ "KeyId": key.arn })),
            None => Err(AwsError::new(
                "KMSInvalidStateException",
                format!("{} is not pending deletion.", key.arn),
            )),
        })
    }

    /// Removes the keys whose time has come, and their aliases.
    pub(super) fn sweep(&self, scope: &Scope) {
        let now = self.aws.clock().now();
        for (place, key) in self.keys.scan(&scope.prefix()) {
            if key.deletion.is_some_and(|at| at <= now) {
                self.keys.remove(&place);
                for (alias, _) in self.aliases_of(scope, &key.id) {
                    self.aliases.remove(&alias);
                }
            }
        }
    }
}
