//! What the service keeps of keys, and how calls name them: by id, ARN, alias or alias ARN.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Kms;

/// A key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) created: Timestamp,
    pub(super) description: String,
    pub(super) enabled: bool,
    /// When it will be deleted, where that was asked for.
    pub(super) deletion: Option<Timestamp>,
    /// Made by AWS for a service, on first use of its alias.
    pub(super) of_aws: bool,
    pub(super) multi_region: bool,
    /// Days between rotations, where they were asked for, and since when.
    pub(super) rotation: Option<(i64, Timestamp)>,
    pub(super) policy: String,
    pub(super) tags: BTreeMap<String, String>,
    /// 32 bytes in hexadecimal digits.
    pub(super) material: String,
}

/// A name for a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}

pub(super) fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::new("NotFoundException", message)
}

impl Key {
    /// `KeyMetadata`.
    pub(super) fn metadata(&self, scope: &Scope) -> Value {
        let state = match (self.deletion, self.enabled) {
            (Some(_), _) => "PendingDeletion",
            (None, true) => "Enabled",
            (None, false) => "Disabled",
        };
        let mut metadata = json!({
            "AWSAccountId": scope.account,
            "KeyId": self.id,
            "Arn": self.arn,
            "CreationDate": self.created.to_string(),
            "Enabled": self.enabled && self.deletion.is_none(),
            "Description": self.description,
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": state,
            "Origin": "AWS_KMS",
            "KeyManager": if self.of_aws { "AWS" } else { "CUSTOMER" },
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": self.multi_region,
        });
        if let Some(deletion) = self.deletion {
            metadata["DeletionDate"] = deletion.to_string().into();
        }
        if self.multi_region {
            metadata["MultiRegionConfiguration"] = json!({
                "MultiRegionKeyType": "PRIMARY",
                "PrimaryKey": { "Arn": self.arn, "Region": scope.region },
                "ReplicaKeys": [],
            });
        }
        metadata
    }

    /// Refuses a key that is about to be deleted.
    pub(super) fn check_kept(&self) -> Result<(), AwsError> {
        match self.deletion {
            None => Ok(()),
            Some(_) => Err(AwsError::new(
                "KMSInvalidStateException",
                format!("{} is pending deletion.", self.arn),
            )),
        }
    }

    /// Refuses a key that cannot be used now.
    pub(super) fn check_usable(&self) -> Result<(), AwsError> {
        self.check_kept()?;
        match self.enabled {
            true => Ok(()),
            false => Err(AwsError::new(
                "DisabledException",
                format!("{} is disabled.", self.arn),
            )),
        }
    }
}

impl Kms {
    /// The key that a call names by `member`.
    pub(super) fn key(&self, call: &Call, member: &str) -> Result<Key, AwsError> {
        let name = call.input.text(member).unwrap_or_default();
        self.find(&call.scope, name)
    }

    pub(super) fn find(&self, scope: &Scope, name: &str) -> Result<Key, AwsError> {
        let resource = match name.strip_prefix("arn:") {
            Some(arn) => arn.splitn(5, ':').nth(4).unwrap_or_default(),
            None => name,
        };
        if resource.starts_with("alias/") {
            let alias = match self.aliases.get(&scope.key(resource)) {
                Some(alias) => Some(alias.key),
                None if resource.starts_with("alias/aws/") => {
                    Some(self.of_service(scope, resource))
                }
                None => None,
            };
            let missing = || {
                let arn = scope.arn("kms", resource);
                not_found(format!("Alias {arn} is not found."))
            };
            let key = alias.and_then(|key| self.keys.get(&scope.key(&key)));
            return key.ok_or_else(missing);
        }
        let id = resource.strip_prefix("key/").unwrap_or(resource);
        let hex = |c: char| c.is_ascii_hexdigit() || c == '-';
        if !id.trim_start_matches("mrk-").chars().all(hex) || id.is_empty() {
            return Err(not_found(format!("Invalid keyId '{name}'")));
        }
        self.keys.get(&scope.key(id)).ok_or_else(|| {
            let arn = scope.arn("kms", &format!("key/{id}"));
            not_found(format!("Key '{arn}' does not exist"))
        })
    }

    /// Changes the key that a call names.
    pub(super) fn change(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Key) -> Result<Value, AwsError>,
    ) -> Result<Value, AwsError> {
        let name = call.input.text("KeyId").unwrap_or_default();
        let key = self.key(call, "KeyId")?;
        self.keys
            .update(&call.scope.key(&key.id), change)
            .unwrap_or_else(|| Err(not_found(format!("Key '{name}' does not exist"))))
    }
}

/// A page of `Marker` and `Limit`: `{member: […], Truncated, NextMarker}`.
pub(super) fn paged(
    call: &Call,
    member: &str,
    items: Vec<(String, Value)>,
    most: usize,
) -> Result<Value, AwsError> {
    let limit = call
        .input
        .number("Limit")
        .unwrap_or(most as i64)
        .clamp(1, 1000) as usize;
    let marker = call.input.filled("Marker");
    let (given, next) = page(items, |(key, _)| key.clone(), marker, limit)
        .ok_or_else(|| AwsError::new("InvalidMarkerException", "The marker is not valid."))?;
    let given: Vec<Value> = given.into_iter().map(|(_, item)| item).collect();
    let mut output = json!({ member: given, "Truncated": next.is_some() });
    if let Some(next) = next {
        output["NextMarker"] = next.into();
    }
    Ok(output)
}
