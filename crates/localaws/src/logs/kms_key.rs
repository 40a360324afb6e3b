//! `AssociateKmsKey` and `DisassociateKmsKey`: which key a group names. Nothing is encrypted.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;

impl Logs {
    pub(super) fn associate_kms_key(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_or_resource(call)?;
        let key = call.input.filled("kmsKeyId").map(str::to_owned);
        self.groups.update(&group, |group| group.kms_key = key);
        Ok(json!({}))
    }

    pub(super) fn disassociate_kms_key(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_or_resource(call)?;
        self.groups.update(&group, |group| group.kms_key = None);
        Ok(json!({}))
    }

    fn named_or_resource(&self, call: &Call) -> Result<String, AwsError> {
        match call.input.filled("resourceIdentifier") {
            Some(arn) => self.tagged_group(call, arn),
            None => Ok(call.scope.key(&self.named_group(call)?.name)),
        }
    }
}
