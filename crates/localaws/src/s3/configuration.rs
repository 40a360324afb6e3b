//! What can be put on a bucket, got back and deleted as it is: one table says how.
//!
//! Kinds whose reading or writing does more have operations of their own (ACL, notification,
//! policy status).

use serde_json::{Map, Value, json};

use super::state::Bucket;
use super::{S3, bucket_policy, error, tagging};
use crate::params::Params;
use crate::{AwsError, Call};

/// A kind of configuration.
struct Kind {
    /// What the operations' names are made of: `Get<name>`, `Put<name>`, `Delete<name>`.
    name: &'static str,
    /// Key in the bucket's configurations.
    key: &'static str,
    /// Input member of the put.
    member: &'static str,
    /// Whether the answer to a get has the members of the structure instead of the structure.
    flat: bool,
    /// Whether there is a delete.
    delete: bool,
    missing: Missing,
}

/// The answer where nothing was put.
enum Missing {
    /// Members that stand for the default.
    Default(&'static str),
    /// Error code and sentence; the status is 404.
    Error(&'static str, &'static str),
}

const fn kind(
    name: &'static str,
    key: &'static str,
    member: &'static str,
    flat: bool,
    delete: bool,
    missing: Missing,
) -> Kind {
    Kind {
        name,
        key,
        member,
        flat,
        delete,
        missing,
    }
}

use Missing::{Default, Error};

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    kind("BucketAbac", "Abac", "AbacStatus", false, false, Default(r#"{"AbacStatus":{"Status":"Disabled"}}"#)),
    kind("BucketAccelerateConfiguration", "Accelerate", "AccelerateConfiguration", true, false, Default("{}")),
    kind("BucketCors", "Cors", "CORSConfiguration", true, true,
        Error("NoSuchCORSConfiguration", "The CORS configuration does not exist")),
    // Every object is encrypted since January 2023.
    kind("BucketEncryption", "Encryption", "ServerSideEncryptionConfiguration", false, true, Default(
        r#"{"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BucketKeyEnabled":false}]}}"#)),
    kind("BucketLifecycleConfiguration", "Lifecycle", "LifecycleConfiguration", true, false,
        Error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")),
    kind("BucketLogging", "Logging", "BucketLoggingStatus", true, false, Default("{}")),
    kind("BucketNotificationConfiguration", "Notification", "NotificationConfiguration", true, false, Default("{}")),
    kind("BucketOwnershipControls", "OwnershipControls", "OwnershipControls", false, true,
        Error("OwnershipControlsNotFoundError", "The bucket ownership controls were not found")),
    kind("BucketPolicy", "Policy", "Policy", false, true,
        Error("NoSuchBucketPolicy", "The bucket policy does not exist")),
    kind("PublicAccessBlock", "PublicAccessBlock", "PublicAccessBlockConfiguration", false, true,
        Error("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")),
    kind("BucketReplication", "Replication", "ReplicationConfiguration", false, true,
        Error("ReplicationConfigurationNotFoundError", "The replication configuration was not found")),
    kind("BucketRequestPayment", "RequestPayment", "RequestPaymentConfiguration", true, false,
        Default(r#"{"Payer":"BucketOwner"}"#)),
    kind("BucketTagging", "Tagging", "Tagging", true, true, Error("NoSuchTagSet", "The TagSet does not exist")),
    kind("BucketVersioning", "Versioning", "VersioningConfiguration", true, false, Default("{}")),
    kind("BucketWebsite", "Website", "WebsiteConfiguration", true, true,
        Error("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")),
    kind("ObjectLockConfiguration", "ObjectLock", "ObjectLockConfiguration", false, false,
        Error("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")),
];

/// Configurations of which a bucket has many, by id.
const NUMEROUS: &[&str] = &["Analytics", "IntelligentTiering", "Inventory", "Metrics"];

impl S3 {
    /// Answers `Get…`, `Put…`, `Delete…` and `List…` of all kinds.
    pub(super) fn configuration(&self, call: &Call) -> Result<Value, AwsError> {
        for kind in KINDS {
            match call.action.strip_suffix(kind.name) {
                Some("Get") => return self.get(call, kind),
                Some("Put") => return self.put(call, kind),
                Some("Delete") if kind.key == "Tagging" => return self.delete_tags(call),
                Some("Delete") if kind.delete => return self.delete(call, kind.key),
                _ => {}
            }
        }
        // The one delete whose name differs from its put.
        if call.action == "DeleteBucketLifecycle" {
            return self.delete(call, "Lifecycle");
        }
        for name in NUMEROUS {
            let rest = call.action.strip_suffix("Configuration");
            match rest.and_then(|rest| rest.strip_suffix(name)) {
                Some("GetBucket") => return self.get_one(call, name),
                Some("PutBucket") => return self.put_one(call, name),
                Some("DeleteBucket") => return self.delete_one(call, name),
                _ => {}
            }
            if call.action == format!("ListBucket{name}Configurations") {
                return self.list_all(call, name);
            }
        }
        Err(AwsError::not_implemented("s3", &call.action))
    }

    fn get(&self, call: &Call, kind: &Kind) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        match (bucket.configurations.get(kind.key), &kind.missing) {
            (Some(set), _) if kind.flat => Ok(set.clone()),
            (Some(set), _) => Ok(json!({ kind.member: set })),
            (None, Default(members)) => Ok(serde_json::from_str(members).unwrap_or_default()),
            (None, Error(code, message)) => {
                Err(missing(code, message).with_field("BucketName", json!(bucket.name)))
            }
        }
    }

    fn put(&self, call: &Call, kind: &Kind) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let given = call.input.get(kind.member);
        let mut set = given.cloned().ok_or_else(error::malformed_xml)?;
        let mut output = Map::new();
        match kind.key {
            "Encryption" => complete_encryption(&mut set)?,
            "Lifecycle" => {
                self.complete_lifecycle(call, &mut set)?;
                let minimum = "TransitionDefaultMinimumObjectSize";
                output.extend(
                    set.get(minimum)
                        .map(|size| (minimum.to_owned(), size.clone())),
                );
            }
            "ObjectLock" => check_versioning(&bucket)?,
            "Policy" => bucket_policy::check(&bucket, &set)?,
            "Replication" => check_versioning(&bucket)?,
            "Tagging" => tagging::check_bucket(call, &bucket, &mut set)?,
            "Versioning" => check_versioning_change(&bucket, &set)?,
            _ => {}
        }
        // Empty logging or accelerate status is how these are switched off.
        let off = kind.flat && set.as_object().is_some_and(Map::is_empty);
        self.change_bucket(call, |bucket| {
            if off {
                bucket.configurations.remove(kind.key);
            } else {
                bucket.configurations.insert(kind.key.to_owned(), set);
            }
        })?;
        Ok(Value::Object(output))
    }

    fn delete(&self, call: &Call, key: &str) -> Result<Value, AwsError> {
        self.change_bucket(call, |bucket| bucket.configurations.remove(key))?;
        Ok(json!({}))
    }

    /// The tags that AWS itself set stay.
    fn delete_tags(&self, call: &Call) -> Result<Value, AwsError> {
        self.change_bucket(call, |bucket| {
            let kept = tagging::system_tags(bucket);
            bucket.configurations.remove("Tagging");
            if !kept.is_empty() {
                let set = json!({ "TagSet": kept });
                bucket.configurations.insert("Tagging".to_owned(), set);
            }
        })?;
        Ok(json!({}))
    }

    fn complete_lifecycle(&self, call: &Call, set: &mut Value) -> Result<(), AwsError> {
        if set.items("Rules").is_empty() {
            return Err(error::malformed_xml());
        }
        let rules = set.get_mut("Rules").and_then(Value::as_array_mut);
        for rule in rules.into_iter().flatten() {
            if rule.filled("ID").is_none() {
                rule["ID"] = json!(self.aws.ids().uuid());
            }
        }
        let minimum = call.input.text("TransitionDefaultMinimumObjectSize");
        set["TransitionDefaultMinimumObjectSize"] =
            json!(minimum.unwrap_or("all_storage_classes_128K"));
        Ok(())
    }

    fn get_one(&self, call: &Call, name: &str) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        match bucket.configurations.get(&numerous_key(call, name)) {
            Some(set) => Ok(json!({ format!("{name}Configuration"): set })),
            None => Err(no_such_configuration()),
        }
    }

    fn put_one(&self, call: &Call, name: &str) -> Result<Value, AwsError> {
        let set = call.input.get(format!("{name}Configuration"));
        let set = set.cloned().ok_or_else(error::malformed_xml)?;
        if set.text("Id") != call.input.text("Id") {
            return Err(error::malformed_xml());
        }
        let key = numerous_key(call, name);
        self.change_bucket(call, |bucket| bucket.configurations.insert(key, set))?;
        Ok(json!({}))
    }

    fn delete_one(&self, call: &Call, name: &str) -> Result<Value, AwsError> {
        let key = numerous_key(call, name);
        let removed = self.change_bucket(call, |bucket| bucket.configurations.remove(&key))?;
        removed.ok_or_else(no_such_configuration)?;
        Ok(json!({}))
    }

    fn list_all(&self, call: &Call, name: &str) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let prefix = format!("{name}/");
        let all = bucket.configurations.iter();
        let all: Vec<_> = all
            .filter(|(key, _)| key.starts_with(&prefix))
            .map(|(_, set)| set)
            .collect();
        let mut output = json!({ "IsTruncated": false });
        if !all.is_empty() {
            output[format!("{name}ConfigurationList")] = json!(all);
        }
        Ok(output)
    }
}

fn numerous_key(call: &Call, name: &str) -> String {
    format!("{name}/{}", call.input.text("Id").unwrap_or_default())
}

fn missing(code: &str, message: &str) -> AwsError {
    AwsError::new(code, message).with_status(404)
}

fn no_such_configuration() -> AwsError {
    missing(
        "NoSuchConfiguration",
        "The specified configuration does not exist.",
    )
}

/// AWS shows whether bucket keys are used also when nobody said so.
fn complete_encryption(set: &mut Value) -> Result<(), AwsError> {
    let rules = set.get_mut("Rules").and_then(Value::as_array_mut);
    let Some(rules) = rules.filter(|rules| rules.len() == 1) else {
        return Err(error::malformed_xml());
    };
    for rule in rules {
        let default = rule.get("ApplyServerSideEncryptionByDefault");
        let key = default.and_then(|default| default.text("KMSMasterKeyID"));
        if default.and_then(|default| default.text("SSEAlgorithm")) == Some("AES256")
            && key.is_some()
        {
            return Err(error::invalid_argument(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            ));
        }
        if rule.get("BucketKeyEnabled").is_none() {
            rule["BucketKeyEnabled"] = json!(false);
        }
    }
    Ok(())
}

fn check_versioning(bucket: &Bucket) -> Result<(), AwsError> {
    if bucket.versioning() == super::state::Versioning::Enabled {
        return Ok(());
    }
    Err(AwsError::new(
        "InvalidBucketState",
        "Versioning must be 'Enabled' on the bucket to apply this configuration",
    )
    .with_status(409))
}

fn check_versioning_change(bucket: &Bucket, set: &Value) -> Result<(), AwsError> {
    let status = set.text("Status");
    if !matches!(status, Some("Enabled" | "Suspended")) {
        return Err(error::malformed_xml());
    }
    if status == Some("Suspended") && bucket.configurations.contains_key("ObjectLock") {
        return Err(AwsError::new(
            "InvalidBucketState",
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
        )
        .with_status(409));
    }
    Ok(())
}
