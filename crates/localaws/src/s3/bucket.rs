//! CreateBucket, ListBuckets, HeadBucket, GetBucketLocation, DeleteBucket.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state::{Bucket, bucket_key, object_prefix, owner, whole_second};
use super::{S3, bucket_name};
use crate::params::Params;
use crate::{AwsError, Call};

impl S3 {
    pub(super) fn create_bucket(&self, call: &Call) -> Result<Value, AwsError> {
        let name = bucket_name(call);
        check_name(name)?;
        let region = region(call)?;
        let ownership = call.input.text("ObjectOwnership");
        let ownership = ownership.unwrap_or("BucketOwnerEnforced");
        let acl = call.input.text("ACL").unwrap_or("private");
        if ownership == "BucketOwnerEnforced" && acl != "private" {
            return Err(AwsError::new(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            ));
        }
        let mut configurations = BTreeMap::from([
            (
                "OwnershipControls".to_owned(),
                json!({ "Rules": [{ "ObjectOwnership": ownership }] }),
            ),
            (
                "PublicAccessBlock".to_owned(),
                json!({
                    "BlockPublicAcls": true,
                    "IgnorePublicAcls": true,
                    "BlockPublicPolicy": true,
                    "RestrictPublicBuckets": true,
                }),
            ),
        ]);
        if acl != "private" {
            let grants = super::acl::canned(call, acl)?;
            configurations.insert("Acl".to_owned(), grants);
        }
        if call.input.flag("ObjectLockEnabledForBucket") {
            let lock = json!({ "ObjectLockEnabled": "Enabled" });
            configurations.insert("ObjectLock".to_owned(), lock);
            configurations.insert("Versioning".to_owned(), json!({ "Status": "Enabled" }));
        }
        let given = call.input.get("CreateBucketConfiguration");
        if let Some(tags) = given.map(|given| given.items("Tags"))
            && !tags.is_empty()
        {
            configurations.insert("Tagging".to_owned(), json!({ "TagSet": tags }));
        }
        let bucket = Bucket {
            name: name.to_owned(),
            region,
            created: whole_second(self.aws.clock().now()),
            configurations,
        };
        let arn = bucket.arn(&call.scope);
        let made = self.buckets.insert(&bucket_key(&call.scope, name), bucket);
        // In us-east-1 making one's own bucket again succeeds, for old programs' sake.
        if !made && call.scope.region != "us-east-1" {
            let message = "Your previous request to create the named bucket succeeded and you already own it.";
            return Err(AwsError::new("BucketAlreadyOwnedByYou", message)
                .with_status(409)
                .with_field("BucketName", json!(name)));
        }
        Ok(json!({ "Location": format!("/{name}"), "BucketArn": arn }))
    }

    pub(super) fn list_buckets(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let wanted = input.text("Prefix").unwrap_or_default();
        let region = input.text("BucketRegion");
        let after = input.text("ContinuationToken").unwrap_or_default();
        let most = input.number("MaxBuckets").unwrap_or(10_000);
        let most = usize::try_from(most).unwrap_or(10_000);
        let mut found = Vec::new();
        let mut next = None;
        for (_, bucket) in self.buckets.scan(&bucket_key(&call.scope, wanted)) {
            if bucket.name.as_str() <= after || region.is_some_and(|only| only != bucket.region) {
                continue;
            }
            if found.len() == most {
                next = found
                    .last()
                    .and_then(|last: &Value| last.get("Name"))
                    .cloned();
                break;
            }
            found.push(json!({
                "Name": bucket.name,
                "CreationDate": bucket.created,
                "BucketRegion": bucket.region,
                "BucketArn": bucket.arn(&call.scope),
            }));
        }
        let mut output = json!({ "Buckets": found, "Owner": owner(call) });
        if let Some(next) = next {
            output["ContinuationToken"] = next;
        }
        if !wanted.is_empty() {
            output["Prefix"] = json!(wanted);
        }
        Ok(output)
    }

    pub(super) fn head_bucket(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        Ok(json!({
            "BucketArn": bucket.arn(&call.scope),
            "BucketRegion": bucket.region,
            "AccessPointAlias": false,
        }))
    }

    pub(super) fn get_bucket_location(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        // The first region has no constraint.
        if bucket.region == "us-east-1" {
            return Ok(json!({}));
        }
        Ok(json!({ "LocationConstraint": bucket.region }))
    }

    pub(super) fn delete_bucket(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let prefix = object_prefix(&call.scope, &bucket.name);
        let mut empty = true;
        self.objects.walk(&prefix, "", |_, _| {
            empty = false;
            false
        });
        if !empty {
            let message = "The bucket you tried to delete is not empty";
            let versioned = ". You must delete all versions in the bucket.";
            let kept = bucket.configurations.contains_key("Versioning");
            let message = format!("{message}{}", if kept { versioned } else { "" });
            return Err(AwsError::new("BucketNotEmpty", message)
                .with_status(409)
                .with_field("BucketName", json!(bucket.name)));
        }
        for (key, upload) in self.uploads.scan(&prefix) {
            for part in upload.parts.values() {
                self.data.remove(&part.blob);
            }
            self.uploads.remove(&key);
        }
        self.buckets.remove(&bucket_key(&call.scope, &bucket.name));
        Ok(json!({}))
    }
}

/// Where the bucket shall be: the constraint must be the region of the endpoint that is asked,
/// except at us-east-1, which makes buckets anywhere.
fn region(call: &Call) -> Result<String, AwsError> {
    let here = &call.scope.region;
    let given = call.input.get("CreateBucketConfiguration");
    let constraint = match given.and_then(|given| given.filled("LocationConstraint")) {
        Some("EU") => Some("eu-west-1"),
        other => other,
    };
    let illegal = |what: &str| {
        let message = format!(
            "The {what} location constraint is incompatible for the region specific endpoint this request was sent to."
        );
        AwsError::new("IllegalLocationConstraintException", message)
    };
    match constraint {
        Some("us-east-1") => Err(AwsError::new(
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid",
        )),
        Some(constraint) if here == "us-east-1" || here == constraint => Ok(constraint.to_owned()),
        Some(constraint) => Err(illegal(constraint)),
        None if here == "us-east-1" => Ok(here.clone()),
        None => Err(illegal("unspecified")),
    }
}

/// "Bucket naming rules" of the S3 user guide.
fn check_name(name: &str) -> Result<(), AwsError> {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()];
    let reserved_start = ["xn--", "sthree-", "amzn-s3-demo-"];
    let reserved_end = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let good = (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| alphanumeric(byte) || byte == b'-' || byte == b'.')
        && ends.into_iter().flatten().all(alphanumeric)
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !reserved_start.iter().any(|start| name.starts_with(start))
        && !reserved_end.iter().any(|end| name.ends_with(end));
    if good {
        return Ok(());
    }
    Err(
        AwsError::new("InvalidBucketName", "The specified bucket is not valid.")
            .with_field("BucketName", json!(name)),
    )
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn names_follow_the_rules() {
        for good in ["abc", "my.bucket-1", "1a2", &"a".repeat(63)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        let long = "a".repeat(64);
        for bad in [
            "ab",
            &long,
            "Abc",
            "-abc",
            "abc.",
            "a..b",
            "192.168.5.4",
            "a_b",
            "xn--a",
            "a-s3alias",
        ] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
