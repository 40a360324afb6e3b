//! Uploads in parts: begin, add parts, put them together or give up.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};

use super::put_object::{Draft, check_key, show_encryption, show_version};
use super::state::{Part, Upload, object_prefix, owner, whole_second};
use super::{S3, acl, bucket_name, checksum, error, get_object, object_name, tagging};
use crate::params::Params;
use crate::{AwsError, Call};

/// Every part but the last has at least 5 MiB.
const SMALLEST_PART: u64 = 5 * 1024 * 1024;

impl S3 {
    pub(super) fn create_multipart_upload(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let key = object_name(call);
        check_key(key)?;
        let algorithm = call.input.text("ChecksumAlgorithm");
        let kind = call.input.text("ChecksumType");
        let upload = Upload {
            id: self.aws.ids().hex(64),
            key: key.to_owned(),
            initiated: whole_second(self.aws.clock().now()),
            members: self.kept_members(call, &bucket)?,
            tags: tagging::from_header(call.input.text("Tagging"))?,
            acl: acl::given(call, &bucket)?,
            checksum: algorithm.map(str::to_owned),
            checksum_type: kind.unwrap_or("COMPOSITE").to_owned(),
            parts: BTreeMap::new(),
        };
        let mut output = json!({ "Bucket": bucket.name, "Key": key, "UploadId": upload.id });
        for name in ["ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled"] {
            if let Some(value) = upload.members.get(name) {
                output[name] = value.clone();
            }
        }
        if let Some(algorithm) = algorithm {
            output["ChecksumAlgorithm"] = json!(algorithm);
            output["ChecksumType"] = json!(upload.checksum_type);
        }
        let row = object_prefix(&call.scope, &bucket.name) + &upload.id;
        self.uploads.put(&row, upload);
        Ok(output)
    }

    pub(super) fn upload_part(&self, call: &Call) -> Result<Value, AwsError> {
        let checksums = checksum::of_call(call)?;
        let (upload, part) = self.add_part(call, call.body.clone(), checksums)?;
        let mut output = json!({ "ETag": part.etag });
        if let Some(value) = upload.members.get("ServerSideEncryption") {
            output["ServerSideEncryption"] = value.clone();
        }
        if let Some(output) = output.as_object_mut() {
            let values = part.checksums.into_iter();
            output.extend(values.filter(|(name, _)| name != "ChecksumType"));
        }
        Ok(output)
    }

    pub(super) fn upload_part_copy(&self, call: &Call) -> Result<Value, AwsError> {
        self.bucket(call)?;
        let source = self.copy_source(call)?;
        let data = match call.input.text("CopySourceRange") {
            Some(text) => match get_object::range(text, source.version.size)? {
                Some(range) => source.data.slice(range.start as usize..range.end as usize),
                None => {
                    return Err(error::invalid_argument(
                        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                    ));
                }
            },
            None => source.data,
        };
        let (_, part) = self.add_part(call, data, Map::new())?;
        let mut output = json!({
            "CopyPartResult": { "ETag": part.etag, "LastModified": part.modified },
        });
        if source.version.id != "null" {
            output["CopySourceVersionId"] = json!(source.version.id);
        }
        Ok(output)
    }

    fn add_part(
        &self,
        call: &Call,
        data: Bytes,
        mut checksums: Map<String, Value>,
    ) -> Result<(Upload, Part), AwsError> {
        let (row, upload) = self.upload(call)?;
        let number = call.input.number("PartNumber").unwrap_or(0);
        if !(1..=10_000).contains(&number) {
            return Err(error::invalid_argument(
                "Part number must be an integer between 1 and 10000, inclusive",
            ));
        }
        if let Some(algorithm) = &upload.checksum
            && checksums.is_empty()
            && let Some(value) = checksum::compute(algorithm, &data)
        {
            checksums.insert(format!("Checksum{algorithm}"), json!(value));
        }
        let part = Part {
            number,
            size: data.len() as u64,
            etag: format!("\"{}\"", checksum::md5_hex(&data)),
            blob: self.aws.ids().uuid(),
            modified: whole_second(self.aws.clock().now()),
            checksums,
        };
        self.data.put(&part.blob, data);
        let kept = part.clone();
        let replaced = self
            .uploads
            .update(&row, |upload| upload.parts.insert(number, kept));
        match replaced {
            Some(Some(old)) => self.data.remove(&old.blob),
            Some(None) => {}
            // The upload was ended meanwhile.
            None => {
                self.data.remove(&part.blob);
                return Err(error::no_such_upload(&upload.id));
            }
        }
        Ok((upload, part))
    }

    pub(super) fn complete_multipart_upload(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let (row, upload) = self.upload(call)?;
        let parts = chosen_parts(call, &upload)?;
        let mut digests = Md5::new();
        let mut all = BytesMut::new();
        for part in &parts {
            digests.update(hex::decode(part.etag.trim_matches('"')).unwrap_or_default());
            all.extend_from_slice(&self.data.get(&part.blob).unwrap_or_default());
        }
        let all = all.freeze();
        let mut checksums = Map::new();
        if let Some(algorithm) = &upload.checksum {
            let value = if upload.checksum_type == "FULL_OBJECT" {
                checksum::compute(algorithm, &all)
            } else {
                let of_parts: Vec<_> = parts.iter().map(|part| part.checksums.clone()).collect();
                checksum::composite(algorithm, &of_parts)
            };
            if let Some(value) = value {
                checksums.insert(format!("Checksum{algorithm}"), json!(value));
                checksums.insert("ChecksumType".to_owned(), json!(upload.checksum_type));
            }
        }
        let draft = Draft {
            etag: format!("\"{}-{}\"", hex::encode(digests.finalize()), parts.len()),
            size: all.len() as u64,
            blob: String::new(),
            members: upload.members.clone(),
            checksums: checksums.clone(),
            tags: upload.tags.clone(),
            parts: parts
                .into_iter()
                .map(|part| Part {
                    blob: String::new(),
                    ..part
                })
                .collect(),
            acl: upload.acl.clone(),
        };
        let version = self.write(call, &bucket, draft, Some(all))?;
        self.drop_upload(&row);
        let event = "ObjectCreated:CompleteMultipartUpload";
        self.notify(call, &bucket, &upload.key, &version, event);
        let location = format!("{}/{}/{}", self.aws.endpoint(), bucket.name, upload.key);
        let mut output = json!({
            "Location": location,
            "Bucket": bucket.name,
            "Key": upload.key,
            "ETag": version.etag,
        });
        show_encryption(&version, &mut output);
        show_version(&bucket, &version, &mut output);
        if let Some(output) = output.as_object_mut() {
            output.extend(checksums);
        }
        Ok(output)
    }

    pub(super) fn abort_multipart_upload(&self, call: &Call) -> Result<Value, AwsError> {
        self.bucket(call)?;
        let (row, _) = self.upload(call)?;
        self.drop_upload(&row);
        Ok(json!({}))
    }

    pub(super) fn list_parts(&self, call: &Call) -> Result<Value, AwsError> {
        self.bucket(call)?;
        let (_, upload) = self.upload(call)?;
        let after = call.input.number("PartNumberMarker").unwrap_or(0);
        let most = call.input.number("MaxParts").unwrap_or(1000).clamp(0, 1000);
        let most_parts = usize::try_from(most).unwrap_or(1000);
        let rest: Vec<_> = upload
            .parts
            .values()
            .filter(|part| part.number > after)
            .collect();
        let truncated = rest.len() > most_parts;
        let page = rest.iter().take(most_parts);
        let shown: Vec<Value> = page
            .map(|part| {
                let mut shown = json!({
                    "PartNumber": part.number,
                    "LastModified": part.modified,
                    "ETag": part.etag,
                    "Size": part.size,
                });
                if let Some(shown) = shown.as_object_mut() {
                    let values = part.checksums.clone().into_iter();
                    shown.extend(values.filter(|(name, _)| name != "ChecksumType"));
                }
                shown
            })
            .collect();
        let last = shown.last().and_then(|part| part.number("PartNumber"));
        let class = upload.members.text("StorageClass").unwrap_or("STANDARD");
        let mut output = json!({
            "Bucket": bucket_name(call),
            "Key": upload.key,
            "UploadId": upload.id,
            "PartNumberMarker": after,
            "NextPartNumberMarker": last.unwrap_or(0),
            "MaxParts": most,
            "IsTruncated": truncated,
            "Initiator": owner(call),
            "Owner": owner(call),
            "StorageClass": class,
        });
        if !shown.is_empty() {
            output["Parts"] = json!(shown);
        }
        if let Some(algorithm) = &upload.checksum {
            output["ChecksumAlgorithm"] = json!(algorithm);
            output["ChecksumType"] = json!(upload.checksum_type);
        }
        Ok(output)
    }

    pub(super) fn list_multipart_uploads(&self, call: &Call) -> Result<Value, AwsError> {
        self.bucket(call)?;
        let input = &call.input;
        let encode = super::list_objects::encoder(call);
        let prefix = input.text("Prefix").unwrap_or_default();
        let key_marker = input.text("KeyMarker").unwrap_or_default();
        let id_marker = input.text("UploadIdMarker").unwrap_or_default();
        let most = input.number("MaxUploads").unwrap_or(1000).clamp(0, 1000);
        let rows = self
            .uploads
            .scan(&object_prefix(&call.scope, bucket_name(call)));
        let mut uploads: Vec<_> = rows.into_iter().map(|(_, upload)| upload).collect();
        uploads.sort_by(|one, two| {
            (&one.key, one.initiated, &one.id).cmp(&(&two.key, two.initiated, &two.id))
        });
        uploads.retain(|upload| {
            let after = (upload.key.as_str(), upload.id.as_str()) > (key_marker, id_marker);
            let later_key = upload.key.as_str() > key_marker;
            upload.key.starts_with(prefix) && (later_key || (!id_marker.is_empty() && after))
        });
        let page = usize::try_from(most).unwrap_or(1000);
        let truncated = uploads.len() > page;
        uploads.truncate(page);
        let shown: Vec<_> = uploads
            .iter()
            .map(|upload| {
                json!({
                    "UploadId": upload.id,
                    "Key": encode(&upload.key),
                    "Initiated": upload.initiated,
                    "StorageClass": upload.members.text("StorageClass").unwrap_or("STANDARD"),
                    "Owner": owner(call),
                    "Initiator": owner(call),
                })
            })
            .collect();
        let mut output = json!({
            "Bucket": bucket_name(call),
            "KeyMarker": encode(key_marker),
            "UploadIdMarker": id_marker,
            "Prefix": encode(prefix),
            "MaxUploads": most,
            "IsTruncated": truncated,
        });
        if !shown.is_empty() {
            output["Uploads"] = json!(shown);
        }
        if let Some(last) = uploads.last().filter(|_| truncated) {
            output["NextKeyMarker"] = encode(&last.key);
            output["NextUploadIdMarker"] = json!(last.id);
        }
        Ok(output)
    }

    fn upload(&self, call: &Call) -> Result<(String, Upload), AwsError> {
        let id = call.input.text("UploadId").unwrap_or_default();
        let row = object_prefix(&call.scope, bucket_name(call)) + id;
        let found = self.uploads.get(&row);
        let found = found.filter(|upload| upload.key == object_name(call));
        found
            .map(|upload| (row, upload))
            .ok_or_else(|| error::no_such_upload(id))
    }

    fn drop_upload(&self, row: &str) {
        if let Some(upload) = self.uploads.remove(row) {
            for part in upload.parts.values() {
                self.data.remove(&part.blob);
            }
        }
    }
}

/// The parts that a completion lists, checked.
fn chosen_parts(call: &Call, upload: &Upload) -> Result<Vec<Part>, AwsError> {
    let list = call.input.get("MultipartUpload");
    let list = list.map(|list| list.items("Parts")).unwrap_or_default();
    if list.is_empty() {
        return Err(error::malformed_xml());
    }
    let mut chosen: Vec<Part> = Vec::new();
    for one in list {
        let number = one.number("PartNumber").unwrap_or(0);
        if chosen.last().is_some_and(|last| last.number >= number) {
            return Err(AwsError::new(
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.",
            ));
        }
        let etag = one.text("ETag").unwrap_or_default().trim_matches('"');
        let part = upload.parts.get(&number);
        let part = part.filter(|part| part.etag.trim_matches('"') == etag);
        let Some(part) = part else {
            return Err(AwsError::new(
                "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
            )
            .with_field("PartNumber", json!(number)));
        };
        chosen.push(part.clone());
    }
    let all_but_last = chosen.len() - 1;
    for part in chosen.iter().take(all_but_last) {
        if part.size < SMALLEST_PART {
            return Err(AwsError::new(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
            )
            .with_field("ProposedSize", json!(part.size))
            .with_field("MinSizeAllowed", json!(SMALLEST_PART))
            .with_field("PartNumber", json!(part.number)));
        }
    }
    Ok(chosen)
}
