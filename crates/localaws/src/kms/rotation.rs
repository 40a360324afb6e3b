//! Yearly rotation: whether it was asked for, and when it would come. The material itself stays
//! the same, which nobody can see from outside.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Kms;

impl Kms {
    pub(super) fn enable_key_rotation(&self, call: &Call) -> Result<Value, AwsError> {
        let days = call.input.number("RotationPeriodInDays").unwrap_or(365);
        if !(90..=2560).contains(&days) {
            return Err(AwsError::validation(format!(
                "1 validation error detected: Value '{days}' at 'rotationPeriodInDays' failed to \
                 satisfy constraint: Member must have value between 90 and 2560"
            )));
        }
        let now = self.aws.clock().now();
        self.change(call, |key| {
            key.check_usable()?;
            key.rotation = Some((days, now));
            Ok(json!({}))
        })
    }

    pub(super) fn disable_key_rotation(&self, call: &Call) -> Result<Value, AwsError> {
        self.change(call, |key| {
            key.check_usable()?;
            key.rotation = None;
            Ok(json!({}))
        })
    }

    pub(super) fn get_key_rotation_status(&self, call: &Call) -> Result<Value, AwsError> {
        let key = self.key(call, "KeyId")?;
        key.check_kept()?;
        let mut status = json!({ "KeyId": key.arn, "KeyRotationEnabled": key.rotation.is_some() });
        if let Some((days, since)) = key.rotation {
            let period = SignedDuration::from_hours(24 * days);
            let past = self.aws.clock().now().duration_since(since).as_secs() / period.as_secs();
            let next = i32::try_from(past + 1)
                .ok()
                .and_then(|times| period.checked_mul(times));
            let next = next.and_then(|until| since.checked_add(until).ok());
            status["RotationPeriodInDays"] = days.into();
            if let Some(next) = next {
                status["NextRotationDate"] = next.to_string().into();
            }
        }
        Ok(status)
    }
}
