//! PutObject, and putting a version in its place, which copies and uploads in parts end with too.

use bytes::Bytes;
use jiff::ToSpan;
use serde_json::{Map, Value, json};

use super::state::{Bucket, Object, Version, Versioning, object_prefix, whole_second};
use super::{S3, acl, checksum, condition, error, object_name, tagging};
use crate::params::Params;
use crate::{AwsError, Call};

/// Members that are kept with an object and come back with it.
const KEPT: &[&str] = &[
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "Metadata",
    "StorageClass",
    "WebsiteRedirectLocation",
    "ServerSideEncryption",
    "SSEKMSKeyId",
    "BucketKeyEnabled",
    "SSECustomerAlgorithm",
    "SSECustomerKeyMD5",
    "ObjectLockMode",
    "ObjectLockRetainUntilDate",
    "ObjectLockLegalHoldStatus",
];

/// Of these, what says how the object is encrypted; answers to writes have them.
const ENCRYPTION: &[&str] = &[
    "ServerSideEncryption",
    "SSEKMSKeyId",
    "BucketKeyEnabled",
    "SSECustomerAlgorithm",
    "SSECustomerKeyMD5",
];

/// A version about to be written.
pub(super) struct Draft {
    pub(super) etag: String,
    pub(super) size: u64,
    pub(super) blob: String,
    pub(super) members: Map<String, Value>,
    pub(super) checksums: Map<String, Value>,
    pub(super) tags: Vec<Value>,
    pub(super) parts: Vec<super::state::Part>,
    pub(super) acl: Option<Value>,
}

impl S3 {
    pub(super) fn put_object(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        check_key(object_name(call))?;
        let etag = format!("\"{}\"", checksum::md5_hex(&call.body));
        let checksums = checksum::of_call(call)?;
        let draft = Draft {
            etag: etag.clone(),
            size: call.body.len() as u64,
            blob: String::new(),
            members: self.kept_members(call, &bucket)?,
            checksums: checksums.clone(),
            tags: tagging::from_header(call.input.text("Tagging"))?,
            parts: Vec::new(),
            acl: acl::given(call, &bucket)?,
        };
        let version = self.write(call, &bucket, draft, Some(call.body.clone()))?;
        self.notify(
            call,
            &bucket,
            object_name(call),
            &version,
            "ObjectCreated:Put",
        );
        let mut output = json!({ "ETag": etag });
        show_encryption(&version, &mut output);
        show_version(&bucket, &version, &mut output);
        if let Some(output) = output.as_object_mut() {
            output.extend(checksums);
        }
        Ok(output)
    }

    /// What a call says about an object besides its data, with the bucket's defaults.
    pub(super) fn kept_members(
        &self,
        call: &Call,
        bucket: &Bucket,
    ) -> Result<Map<String, Value>, AwsError> {
        let mut kept = Map::new();
        for name in KEPT {
            if let Some(value) = call.input.member(name) {
                kept.insert((*name).to_owned(), value.clone());
            }
        }
        if kept.text("StorageClass") == Some("STANDARD") {
            kept.remove("StorageClass");
        }
        let metadata = kept.map("Metadata").into_iter().flatten();
        let size: usize = metadata
            .map(|(name, value)| name.len() + value.as_str().map_or(0, str::len))
            .sum();
        if size > 2048 {
            return Err(AwsError::new(
                "MetadataTooLarge",
                "Your metadata headers exceed the maximum allowed metadata size",
            ));
        }
        kept.entry("ContentType")
            .or_insert_with(|| json!("binary/octet-stream"));
        encrypt(bucket, &mut kept);
        self.retain(call, bucket, &mut kept)?;
        Ok(kept)
    }

    /// Applies the bucket's default retention.
    fn retain(
        &self,
        call: &Call,
        bucket: &Bucket,
        kept: &mut Map<String, Value>,
    ) -> Result<(), AwsError> {
        let lock = bucket.configurations.get("ObjectLock");
        if lock.is_none() {
            if call.input.text("ObjectLockMode").is_some() {
                return Err(error::invalid_request(
                    "Bucket is missing Object Lock Configuration",
                ));
            }
            return Ok(());
        }
        let default = lock.and_then(|lock| lock.get("Rule")?.get("DefaultRetention"));
        let Some(default) = default else {
            return Ok(());
        };
        if kept.contains_key("ObjectLockMode") {
            return Ok(());
        }
        let days = default.number("Days").unwrap_or(0);
        let years = default.number("Years").unwrap_or(0);
        let days = days
            .saturating_add(years.saturating_mul(365))
            .clamp(0, 36_500);
        let until = self.aws.clock().now().checked_add((days * 24).hours());
        if let (Some(mode), Ok(until)) = (default.get("Mode"), until) {
            kept.insert("ObjectLockMode".to_owned(), mode.clone());
            kept.insert("ObjectLockRetainUntilDate".to_owned(), json!(until));
        }
        Ok(())
    }

    /// Makes a draft the newest version of the object that the call names. The data, where it is
    /// given, is stored only when the conditions of the call hold.
    pub(super) fn write(
        &self,
        call: &Call,
        bucket: &Bucket,
        draft: Draft,
        data: Option<Bytes>,
    ) -> Result<Version, AwsError> {
        let row = object_prefix(&call.scope, &bucket.name) + object_name(call);
        let versioning = bucket.versioning();
        let id = match versioning {
            Versioning::Enabled => self.aws.ids().hex(32),
            Versioning::Off | Versioning::Suspended => "null".to_owned(),
        };
        let mut version = Version {
            id,
            modified: whole_second(self.aws.clock().now()),
            delete_marker: false,
            etag: draft.etag,
            size: draft.size,
            blob: draft.blob,
            members: draft.members,
            checksums: draft.checksums,
            tags: draft.tags,
            parts: draft.parts,
            acl: draft.acl,
        };
        let mut replaced = Vec::new();
        let written = self.objects.edit(&row, |object| {
            let current = object.as_ref().and_then(|object| object.versions.first());
            condition::check_write(call, current)?;
            if let Some(data) = data {
                version.blob = self.aws.ids().uuid();
                self.data.put(&version.blob, data);
            }
            let object = object.get_or_insert(Object {
                versions: Vec::new(),
            });
            if versioning != Versioning::Enabled {
                let old = object.versions.extract_if(.., |old| old.id == "null");
                replaced.extend(old.map(|old| old.blob));
            }
            object.versions.insert(0, version.clone());
            Ok(version)
        });
        for blob in replaced {
            self.data.remove(&blob);
        }
        written
    }
}

/// Fills in how the bucket encrypts by default.
fn encrypt(bucket: &Bucket, kept: &mut Map<String, Value>) {
    if kept.contains_key("ServerSideEncryption") || kept.contains_key("SSECustomerAlgorithm") {
        return;
    }
    let rules = bucket.configurations.get("Encryption");
    let rule = rules.and_then(|rules| rules.items("Rules").first());
    let default = rule.and_then(|rule| rule.get("ApplyServerSideEncryptionByDefault"));
    let algorithm = default.and_then(|default| default.text("SSEAlgorithm"));
    kept.insert(
        "ServerSideEncryption".to_owned(),
        json!(algorithm.unwrap_or("AES256")),
    );
    if let Some(key) = default.and_then(|default| default.member("KMSMasterKeyID")) {
        kept.insert("SSEKMSKeyId".to_owned(), key.clone());
        if rule.is_some_and(|rule| rule.flag("BucketKeyEnabled")) {
            kept.insert("BucketKeyEnabled".to_owned(), json!(true));
        }
    }
}

pub(super) fn show_encryption(version: &Version, output: &mut Value) {
    for name in ENCRYPTION {
        if let Some(value) = version.members.get(*name) {
            output[*name] = value.clone();
        }
    }
}

/// Answers say which version they are about once a bucket has known versions.
pub(super) fn show_version(bucket: &Bucket, version: &Version, output: &mut Value) {
    if bucket.versioning() == Versioning::Enabled {
        output["VersionId"] = json!(version.id);
    }
}

/// Keys have 1 to 1,024 bytes.
pub(super) fn check_key(key: &str) -> Result<(), AwsError> {
    if key.len() > 1024 {
        return Err(AwsError::new("KeyTooLongError", "Your key is too long")
            .with_field("Size", json!(key.len()))
            .with_field("MaxSizeAllowed", json!(1024)));
    }
    Ok(())
}
