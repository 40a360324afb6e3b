//! `DescribeKey`, `ListKeys`, `EnableKey`, `DisableKey` and `UpdateKeyDescription`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Kms;
use super::model::paged;

impl Kms {
    pub(super) fn describe_key(&self, call: &Call) -> Result<Value, AwsError> {
        let key = self.key(call, "KeyId")?;
        Ok(json!({ "KeyMetadata": key.metadata(&call.scope) }))
    }

    pub(super) fn list_keys(&self, call: &Call) -> Result<Value, AwsError> {
        let keys = self.keys.scan(&call.scope.prefix()).into_iter();
        let keys = keys.map(|(place, key)| (place, json!({ "KeyId": key.id, "KeyArn": key.arn })));
        paged(call, "Keys", keys.collect(), 100)
    }

    pub(super) fn enable(&self, call: &Call, enabled: bool) -> Result<Value, AwsError> {
        self.change(call, |key| {
            key.check_kept()?;
            key.enabled = enabled;
            Ok(json!({}))
        })
    }

    pub(super) fn update_key_description(&self, call: &Call) -> Result<Value, AwsError> {
        let description = call.input.text("Description").unwrap_or_default();
        self.change(call, |key| {
            key.check_kept()?;
            description.clone_into(&mut key.description);
            Ok(json!({}))
        })
    }
}
