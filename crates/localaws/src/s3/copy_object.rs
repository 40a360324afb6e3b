//! CopyObject, and where copies come from.

use bytes::Bytes;
use serde_json::{Value, json};

use super::put_object::{Draft, check_key, show_encryption, show_version};
use super::state::{Version, bucket_key};
use super::tagging::{from_header, url_decode};
use super::{S3, acl, bucket_name, checksum, condition, error, get_object, object_name};
use crate::params::Params;
use crate::{AwsError, Call};

/// What a copy reads.
pub(super) struct Source {
    pub(super) version: Version,
    pub(super) data: Bytes,
    bucket: String,
    key: String,
}

impl S3 {
    pub(super) fn copy_object(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        check_key(object_name(call))?;
        let source = self.copy_source(call)?;
        let input = &call.input;
        let replace = |directive: &str| input.text(directive) == Some("REPLACE");
        let onto_itself = source.bucket == bucket_name(call) && source.key == object_name(call);
        let changes = [
            "StorageClass",
            "WebsiteRedirectLocation",
            "ServerSideEncryption",
        ];
        let changed = changes.iter().any(|name| input.member(name).is_some());
        if onto_itself && !replace("MetadataDirective") && !changed {
            return Err(error::invalid_request(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
            ));
        }
        let mut members = self.kept_members(call, &bucket)?;
        if !replace("MetadataDirective") {
            for (name, value) in &source.version.members {
                // Encryption, storage class and locks are never copied.
                let copied = name.starts_with("Content")
                    || matches!(name.as_str(), "CacheControl" | "Expires" | "Metadata");
                if copied {
                    members.insert(name.clone(), value.clone());
                }
            }
        }
        let tags = if replace("TaggingDirective") {
            from_header(input.text("Tagging"))?
        } else {
            source.version.tags.clone()
        };
        let checksums = match input.text("ChecksumAlgorithm") {
            Some(algorithm) => checksum::compute(algorithm, &source.data)
                .map(|value| {
                    let member = format!("Checksum{algorithm}");
                    [
                        (member, json!(value)),
                        ("ChecksumType".to_owned(), json!("FULL_OBJECT")),
                    ]
                })
                .into_iter()
                .flatten()
                .collect(),
            None => source.version.checksums.clone(),
        };
        let draft = Draft {
            etag: format!("\"{}\"", checksum::md5_hex(&source.data)),
            size: source.version.size,
            blob: String::new(),
            members,
            checksums,
            tags,
            parts: Vec::new(),
            acl: acl::given(call, &bucket)?,
        };
        let version = self.write(call, &bucket, draft, Some(source.data))?;
        self.notify(
            call,
            &bucket,
            object_name(call),
            &version,
            "ObjectCreated:Copy",
        );
        let mut result = json!({ "ETag": version.etag, "LastModified": version.modified });
        if let Some(result) = result.as_object_mut() {
            result.extend(version.checksums.clone());
        }
        let mut output = json!({ "CopyObjectResult": result });
        if source.version.id != "null" {
            output["CopySourceVersionId"] = json!(source.version.id);
        }
        show_encryption(&version, &mut output);
        show_version(&bucket, &version, &mut output);
        Ok(output)
    }

    /// Reads what `CopySource` names: `bucket/key` or `/bucket/key`, URL-encoded, with an optional
    /// `?versionId=`.
    pub(super) fn copy_source(&self, call: &Call) -> Result<Source, AwsError> {
        let text = call.input.text("CopySource").unwrap_or_default();
        let (path, id) = match text.split_once("?versionId=") {
            Some((path, id)) => (path, Some(id)),
            None => (text, None),
        };
        let path = url_decode(path);
        let path = path.strip_prefix('/').unwrap_or(&path);
        let Some((bucket, key)) = path.split_once('/').filter(|(_, key)| !key.is_empty()) else {
            return Err(error::invalid_argument(
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            ));
        };
        if !self.buckets.contains(&bucket_key(&call.scope, bucket)) {
            return Err(error::no_such_bucket(bucket));
        }
        let version = self.version_of(call, bucket, key, id)?;
        condition::check_read(call, "CopySource", &version)?;
        if version.members.text("SSECustomerKeyMD5")
            != call.input.text("CopySourceSSECustomerKeyMD5")
        {
            // The key of the source has its own member; the sentence is the same as for reading.
            get_object::check_customer_key(call, &version)?;
        }
        Ok(Source {
            data: self.read(&version)?,
            version,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }
}
