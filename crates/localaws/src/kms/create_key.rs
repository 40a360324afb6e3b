//! `CreateKey`, and the keys that AWS makes for its services.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Kms;
use super::model::{Alias, Key};
use super::policies::check;
use super::tags::tags_of;

impl Kms {
    pub(super) fn create_key(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        for (member, only) in [
            ("KeyUsage", "ENCRYPT_DECRYPT"),
            ("KeySpec", "SYMMETRIC_DEFAULT"),
            ("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            ("Origin", "AWS_KMS"),
        ] {
            if let Some(other) = input.filled(member).filter(|given| *given != only) {
                return Err(AwsError::new(
                    "UnsupportedOperationException",
                    format!("{member} {other} is not supported by this endpoint"),
                ));
            }
        }
        if let Some(policy) = input.filled("Policy") {
            check(policy)?;
        }
        let mut key = self.make(&call.scope, input.flag("MultiRegion"));
        input
            .text("Description")
            .unwrap_or_default()
            .clone_into(&mut key.description);
        key.tags = tags_of(input);
        if let Some(policy) = input.filled("Policy") {
            policy.clone_into(&mut key.policy);
        }
        let metadata = key.metadata(&call.scope);
        self.keys.put(&call.scope.key(&key.id), key);
        Ok(json!({ "KeyMetadata": metadata }))
    }

    fn make(&self, scope: &Scope, multi_region: bool) -> Key {
        let id = match multi_region {
            true => format!("mrk-{}", self.aws.ids().hex(32)),
            false => self.aws.ids().uuid(),
        };
        Key {
            arn: scope.arn("kms", &format!("key/{id}")),
            id,
            created: self.aws.clock().now(),
            description: String::new(),
            enabled: true,
            deletion: None,
            of_aws: false,
            multi_region,
            rotation: None,
            policy: default_policy(scope),
            tags: BTreeMap::new(),
            material: self.aws.ids().hex(64),
        }
    }

    /// The key behind `alias/aws/<service>`, made on first use as on AWS.
    pub(super) fn of_service(&self, scope: &Scope, alias: &str) -> String {
        let mut key = self.make(scope, false);
        key.of_aws = true;
        let service = alias.strip_prefix("alias/aws/").unwrap_or(alias);
        key.description =
            format!("Default key that protects my {service} data when no other key is defined");
        key.rotation = Some((365, key.created));
        let id = key.id.clone();
        let row = Alias {
            name: alias.to_owned(),
            key: id.clone(),
            created: key.created,
            updated: key.created,
        };
        self.keys.put(&scope.key(&id), key);
        match self.aliases.insert(&scope.key(alias), row) {
            true => id,
            // Somebody else was first.
            false => {
                self.keys.remove(&scope.key(&id));
                let first = self
                    .aliases
                    .with(&scope.key(alias), |alias| alias.key.clone());
                first.unwrap_or(id)
            }
        }
    }
}

fn default_policy(scope: &Scope) -> String {
    let policy = json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": { "AWS": scope.global_arn("iam", "root") },
            "Action": "kms:*",
            "Resource": "*",
        }],
    });
    format!("{policy:#}")
}
