//! KMS: symmetric keys that really encrypt, with AES-256-GCM. Keys lie in the store like all else
//! here; they protect nothing from whoever reads it.
//!
//! Not here: asymmetric and HMAC keys, grants, imported material, custom key stores.

mod aliases;
mod create_key;
mod crypto;
mod data_keys;
mod deletion;
mod encrypt;
mod keys;
mod model;
mod policies;
mod rotation;
mod tags;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use crate::{Aws, AwsError, Call, Reply, Service, Table};

use model::{Alias, Key};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Kms {
        keys: aws.store().table("kms.keys"),
        aliases: aws.store().table("kms.aliases"),
        aws: aws.clone(),
    })
}

struct Kms {
    aws: Aws,
    /// By `scope.key(id)`.
    keys: Table<Key>,
    /// By `scope.key(name)`, the name with its `alias/`.
    aliases: Table<Alias>,
}

#[async_trait]
impl Service for Kms {
    fn name(&self) -> &'static str {
        "kms"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        self.answer(&call).map(Reply::from)
    }
}

impl Kms {
    fn answer(&self, call: &Call) -> Result<Value, AwsError> {
        self.sweep(&call.scope);
        match call.action.as_str() {
            "CancelKeyDeletion" => self.cancel_key_deletion(call),
            "CreateAlias" => self.create_alias(call),
            "CreateKey" => self.create_key(call),
            "Decrypt" => self.decrypt(call),
            "DeleteAlias" => self.delete_alias(call),
            "DescribeKey" => self.describe_key(call),
            "DisableKey" => self.enable(call, false),
            "DisableKeyRotation" => self.disable_key_rotation(call),
            "EnableKey" => self.enable(call, true),
            "EnableKeyRotation" => self.enable_key_rotation(call),
            "Encrypt" => self.encrypt(call),
            "GenerateDataKey" => self.generate_data_key(call, true),
            "GenerateDataKeyWithoutPlaintext" => self.generate_data_key(call, false),
            "GenerateRandom" => self.generate_random(call),
            "GetKeyPolicy" => self.get_key_policy(call),
            "GetKeyRotationStatus" => self.get_key_rotation_status(call),
            "ListAliases" => self.list_aliases(call),
            "ListKeyPolicies" => self.list_key_policies(call),
            "ListKeys" => self.list_keys(call),
            "ListResourceTags" => self.list_resource_tags(call),
            "PutKeyPolicy" => self.put_key_policy(call),
            "ReEncrypt" => self.re_encrypt(call),
            "ScheduleKeyDeletion" => self.schedule_key_deletion(call),
            "TagResource" => self.tag_resource(call),
            "UntagResource" => self.untag_resource(call),
            "UpdateAlias" => self.update_alias(call),
            "UpdateKeyDescription" => self.update_key_description(call),
            _ => Err(AwsError::not_implemented("kms", &call.action)),
        }
    }
}
