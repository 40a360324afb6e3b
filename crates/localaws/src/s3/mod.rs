//! The s3 service: buckets and their configurations, objects and their versions, uploads in parts,
//! and events about them.
//!
//! Policies and ACLs are kept and checked for their form, but nobody is refused by them: the local
//! account may do everything. Lifecycle rules are kept, nothing expires by them.

mod acl;
mod attributes;
mod bucket;
mod bucket_policy;
mod checksum;
mod condition;
mod configuration;
mod copy_object;
mod delete_object;
mod error;
mod get_object;
mod list_objects;
mod list_versions;
mod lock;
mod multipart;
mod notification;
mod put_object;
mod state;
mod tagging;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use crate::params::Params;
use crate::{Aws, AwsError, Blobs, Call, Reply, Service, Table};
use state::{Bucket, Object, Upload, Version};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(S3 {
        aws: aws.clone(),
        buckets: aws.store().table("s3.buckets"),
        objects: aws.store().table("s3.objects"),
        uploads: aws.store().table("s3.uploads"),
        data: aws.store().blobs("s3.data"),
    })
}

struct S3 {
    aws: Aws,
    buckets: Table<Bucket>,
    objects: Table<Object>,
    uploads: Table<Upload>,
    data: Blobs,
}

#[async_trait]
impl Service for S3 {
    fn name(&self) -> &'static str {
        "s3"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        match call.action.as_str() {
            "CreateBucket" => self.create_bucket(&call).map(Reply::from),
            "ListBuckets" => self.list_buckets(&call).map(Reply::from),
            "HeadBucket" => self.head_bucket(&call).map(Reply::from),
            "GetBucketLocation" => self.get_bucket_location(&call).map(Reply::from),
            "DeleteBucket" => self.delete_bucket(&call).map(Reply::from),
            "GetBucketAcl" => self.get_bucket_acl(&call).map(Reply::from),
            "PutBucketAcl" => self.put_bucket_acl(&call).map(Reply::from),
            "GetBucketPolicyStatus" => self.get_bucket_policy_status(&call).map(Reply::from),
            "PutBucketNotificationConfiguration" => {
                self.put_notification(&call).await.map(Reply::from)
            }

            "PutObject" => self.put_object(&call).map(Reply::from),
            "GetObject" => self.get_object(&call),
            "HeadObject" => self.head_object(&call).map(Reply::from),
            "GetObjectAttributes" => self.get_object_attributes(&call).map(Reply::from),
            "CopyObject" => self.copy_object(&call).map(Reply::from),
            "DeleteObject" => self.delete_object(&call).map(Reply::from),
            "DeleteObjects" => self.delete_objects(&call).map(Reply::from),
            "ListObjects" => self.list_objects(&call).map(Reply::from),
            "ListObjectsV2" => self.list_objects_v2(&call).map(Reply::from),
            "ListObjectVersions" => self.list_object_versions(&call).map(Reply::from),
            "GetObjectTagging" => self.get_object_tagging(&call).map(Reply::from),
            "PutObjectTagging" => self.put_object_tagging(&call).map(Reply::from),
            "DeleteObjectTagging" => self.delete_object_tagging(&call).map(Reply::from),
            "GetObjectAcl" => self.get_object_acl(&call).map(Reply::from),
            "PutObjectAcl" => self.put_object_acl(&call).map(Reply::from),
            "GetObjectRetention" => self.get_object_retention(&call).map(Reply::from),
            "PutObjectRetention" => self.put_object_retention(&call).map(Reply::from),
            "GetObjectLegalHold" => self.get_object_legal_hold(&call).map(Reply::from),
            "PutObjectLegalHold" => self.put_object_legal_hold(&call).map(Reply::from),

            "CreateMultipartUpload" => self.create_multipart_upload(&call).map(Reply::from),
            "UploadPart" => self.upload_part(&call).map(Reply::from),
            "UploadPartCopy" => self.upload_part_copy(&call).map(Reply::from),
            "CompleteMultipartUpload" => self.complete_multipart_upload(&call).map(Reply::from),
            "AbortMultipartUpload" => self.abort_multipart_upload(&call).map(Reply::from),
            "ListMultipartUploads" => self.list_multipart_uploads(&call).map(Reply::from),
            "ListParts" => self.list_parts(&call).map(Reply::from),

            _ => self.configuration(&call).map(Reply::from),
        }
    }
}

impl S3 {
    /// The bucket that a call names.
    fn bucket(&self, call: &Call) -> Result<Bucket, AwsError> {
        let name = bucket_name(call);
        let found = self.buckets.get(&state::bucket_key(&call.scope, name));
        found.ok_or_else(|| error::no_such_bucket(name))
    }

    fn change_bucket<R>(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Bucket) -> R,
    ) -> Result<R, AwsError> {
        let name = bucket_name(call);
        let key = state::bucket_key(&call.scope, name);
        let changed = self.buckets.update(&key, change);
        changed.ok_or_else(|| error::no_such_bucket(name))
    }

    /// The version of an object that a call is about, never a delete marker.
    fn version(&self, call: &Call) -> Result<Version, AwsError> {
        self.bucket(call)?;
        let (bucket, key) = (bucket_name(call), object_name(call));
        self.version_of(call, bucket, key, call.input.text("VersionId"))
    }

    fn version_of(
        &self,
        call: &Call,
        bucket: &str,
        key: &str,
        id: Option<&str>,
    ) -> Result<Version, AwsError> {
        let row = state::object_prefix(&call.scope, bucket) + key;
        let found = self.objects.with(&row, |object| match id {
            Some(id) => object.versions.iter().find(|one| one.id == id).cloned(),
            None => object.versions.first().cloned(),
        });
        match (found.flatten(), id) {
            (Some(version), None) if version.delete_marker => Err(error::no_such_key(key)
                .with_field("DeleteMarker", Value::Bool(true))
                .with_field("VersionId", version.id.into())),
            (Some(version), Some(_)) if version.delete_marker => Err(AwsError::new(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            )
            .with_status(405)
            .with_field("DeleteMarker", Value::Bool(true))),
            (Some(version), _) => Ok(version),
            (None, None) => Err(error::no_such_key(key)),
            (None, Some(id)) => Err(error::no_such_version(key, id)),
        }
    }

    /// Changes the version of an object that a call is about.
    fn change_version<R>(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Version) -> R,
    ) -> Result<R, AwsError> {
        let id = self.version(call)?.id;
        let key = object_name(call);
        let row = state::object_prefix(&call.scope, bucket_name(call)) + key;
        let changed = self.objects.update(&row, |object| {
            let version = object.versions.iter_mut().find(|one| one.id == id)?;
            Some(change(version))
        });
        changed.flatten().ok_or_else(|| error::no_such_key(key))
    }
}

fn bucket_name(call: &Call) -> &str {
    call.input.text("Bucket").unwrap_or_default()
}

fn object_name(call: &Call) -> &str {
    call.input.text("Key").unwrap_or_default()
}
