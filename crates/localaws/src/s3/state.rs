//! What S3 keeps: buckets with their configurations, objects with their versions, open uploads.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) region: String,
    pub(super) created: Timestamp,
    /// Versioning, policy, lifecycle …: the member that was put, by the kind's name, and by
    /// `kind/id` where a bucket has many.
    pub(super) configurations: BTreeMap<String, Value>,
}

/// Whether a bucket keeps old versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Versioning {
    /// Never switched on.
    Off,
    Enabled,
    Suspended,
}

impl Bucket {
    pub(super) fn versioning(&self) -> Versioning {
        let status = self.configurations.get("Versioning");
        match status.and_then(|set| set.get("Status")?.as_str()) {
            Some("Enabled") => Versioning::Enabled,
            Some("Suspended") => Versioning::Suspended,
            _ => Versioning::Off,
        }
    }

    pub(super) fn arn(&self, scope: &Scope) -> String {
        format!("arn:{}:s3:::{}", scope.partition(), self.name)
    }
}

/// Everything under one key, newest first. Never empty.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Object {
    pub(super) versions: Vec<Version>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Version {
    /// `null` for what was written without versioning.
    pub(super) id: String,
    /// Whole seconds, as S3 shows it.
    pub(super) modified: Timestamp,
    pub(super) delete_marker: bool,
    /// In double quotes, as it is shown.
    pub(super) etag: String,
    pub(super) size: u64,
    /// Where the data is.
    pub(super) blob: String,
    /// What was given with the data and comes back with it: content type, metadata, encryption …,
    /// by the names that PutObject and GetObject share.
    pub(super) members: Map<String, Value>,
    /// Checksums by their member names, and `ChecksumType`.
    pub(super) checksums: Map<String, Value>,
    pub(super) tags: Vec<Value>,
    /// Sizes of the parts it was uploaded in.
    pub(super) parts: Vec<Part>,
    /// Grants that were put; the owner's full control else.
    pub(super) acl: Option<Value>,
}

impl Version {
    pub(super) fn storage_class(&self) -> &str {
        let class = self.members.get("StorageClass").and_then(Value::as_str);
        class.unwrap_or("STANDARD")
    }

    /// Names of the checksum algorithms, as listings show them.
    pub(super) fn checksum_algorithms(&self) -> Vec<&str> {
        let names = self.checksums.keys();
        names
            .filter(|name| *name != "ChecksumType")
            .filter_map(|name| name.strip_prefix("Checksum"))
            .collect()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) number: i64,
    pub(super) size: u64,
    pub(super) etag: String,
    pub(super) blob: String,
    pub(super) modified: Timestamp,
    pub(super) checksums: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Upload {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) initiated: Timestamp,
    pub(super) members: Map<String, Value>,
    pub(super) tags: Vec<Value>,
    pub(super) acl: Option<Value>,
    /// For example `CRC32`, when the client asked for one.
    pub(super) checksum: Option<String>,
    pub(super) checksum_type: String,
    pub(super) parts: BTreeMap<i64, Part>,
}

/// Bucket names are unique in an account, not in a region.
pub(super) fn bucket_key(scope: &Scope, bucket: &str) -> String {
    format!("{}/{bucket}", scope.account)
}

/// The prefix of the keys of all objects of a bucket; an object's own is followed by its name.
pub(super) fn object_prefix(scope: &Scope, bucket: &str) -> String {
    format!("{}/{bucket}/", scope.account)
}

/// The owner of everything in an account: a canonical user id has 64 hexadecimal digits.
pub(super) fn owner(call: &Call) -> Value {
    json!({ "ID": hex::encode(Sha256::digest(call.scope.account.as_bytes())) })
}

/// S3 keeps times in whole seconds.
pub(super) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
