//! ListObjects and ListObjectsV2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::state::{Version, object_prefix, owner};
use super::tagging::url_encode;
use super::{S3, error};
use crate::params::Params;
use crate::{AwsError, Call};

/// One page of a listing.
struct Page {
    contents: Vec<Value>,
    prefixes: Vec<Value>,
    /// The last key or common prefix on the page, when more follow.
    next: Option<String>,
}

impl S3 {
    pub(super) fn list_objects_v2(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let token = match input.text("ContinuationToken") {
            Some(token) => Some(decode(token)?),
            None => None,
        };
        let after = token
            .as_deref()
            .or(input.text("StartAfter"))
            .unwrap_or_default();
        let page = self.page(call, after, input.flag("FetchOwner"))?;
        let count = page.contents.len() + page.prefixes.len();
        let mut output = self.listing(call, page.contents, page.prefixes, page.next.is_some());
        output["KeyCount"] = json!(count);
        if let Some(token) = input.text("ContinuationToken") {
            output["ContinuationToken"] = json!(token);
        }
        if let Some(start) = input.filled("StartAfter") {
            output["StartAfter"] = encoder(call)(start);
        }
        if let Some(next) = page.next {
            output["NextContinuationToken"] = json!(BASE64.encode(next));
        }
        Ok(output)
    }

    pub(super) fn list_objects(&self, call: &Call) -> Result<Value, AwsError> {
        let marker = call.input.text("Marker").unwrap_or_default();
        let page = self.page(call, marker, true)?;
        let mut output = self.listing(call, page.contents, page.prefixes, page.next.is_some());
        output["Marker"] = encoder(call)(marker);
        // Without a delimiter clients go on from the last key.
        if let Some(next) = page.next
            && call.input.filled("Delimiter").is_some()
        {
            output["NextMarker"] = encoder(call)(&next);
        }
        Ok(output)
    }

    fn listing(
        &self,
        call: &Call,
        contents: Vec<Value>,
        prefixes: Vec<Value>,
        truncated: bool,
    ) -> Value {
        let encode = encoder(call);
        let mut output = json!({
            "Name": super::bucket_name(call),
            "Prefix": encode(call.input.text("Prefix").unwrap_or_default()),
            "MaxKeys": max_keys(call),
            "IsTruncated": truncated,
        });
        if let Some(delimiter) = call.input.filled("Delimiter") {
            output["Delimiter"] = encode(delimiter);
        }
        if let Some(encoding) = call.input.text("EncodingType") {
            output["EncodingType"] = json!(encoding);
        }
        if !contents.is_empty() {
            output["Contents"] = json!(contents);
        }
        if !prefixes.is_empty() {
            output["CommonPrefixes"] = json!(prefixes);
        }
        output
    }

    fn page(&self, call: &Call, after: &str, with_owner: bool) -> Result<Page, AwsError> {
        let bucket = self.bucket(call)?;
        check_encoding(call)?;
        let start = object_prefix(&call.scope, &bucket.name);
        let prefix = call.input.text("Prefix").unwrap_or_default();
        let delimiter = call.input.filled("Delimiter");
        let encode = encoder(call);
        let most = usize::try_from(max_keys(call)).unwrap_or(1000);
        let mut page = Page {
            contents: Vec::new(),
            prefixes: Vec::new(),
            next: None,
        };
        if most == 0 {
            return Ok(page);
        }
        let mut last = String::new();
        let within = format!("{start}{prefix}");
        self.objects
            .walk(&within, &format!("{start}{after}"), |row, object| {
                let key = row.get(start.len()..).unwrap_or_default();
                let Some(version) = object
                    .versions
                    .first()
                    .filter(|newest| !newest.delete_marker)
                else {
                    return true;
                };
                let common = delimiter.and_then(|delimiter| common_prefix(key, prefix, delimiter));
                let item = common.unwrap_or(key);
                // A page may end with a common prefix, whose keys must not come again.
                if item <= after || item == last || (common.is_some() && after.starts_with(item)) {
                    return true;
                }
                if page.contents.len() + page.prefixes.len() == most {
                    page.next = Some(last.clone());
                    return false;
                }
                item.clone_into(&mut last);
                match common {
                    Some(common) => page.prefixes.push(json!({ "Prefix": encode(common) })),
                    None => {
                        let mut shown = show(version);
                        shown["Key"] = encode(key);
                        if with_owner {
                            shown["Owner"] = owner(call);
                        }
                        page.contents.push(shown);
                    }
                }
                true
            });
        Ok(page)
    }
}

/// What listings say of a version.
pub(super) fn show(version: &Version) -> Value {
    let mut shown = json!({
        "Key": "",
        "LastModified": version.modified,
        "ETag": version.etag,
        "Size": version.size,
        "StorageClass": version.storage_class(),
    });
    let algorithms = version.checksum_algorithms();
    if !algorithms.is_empty() {
        shown["ChecksumAlgorithm"] = json!(algorithms);
        shown["ChecksumType"] = json!(version.checksums.get("ChecksumType"));
    }
    shown
}

/// The part of a key up to the first delimiter after the prefix.
pub(super) fn common_prefix<'k>(key: &'k str, prefix: &str, delimiter: &str) -> Option<&'k str> {
    let rest = key.get(prefix.len()..)?;
    let end = prefix.len() + rest.find(delimiter)? + delimiter.len();
    key.get(..end)
}

/// How names are written in the answer.
pub(super) fn encoder(call: &Call) -> impl Fn(&str) -> Value + use<> {
    let url = call.input.text("EncodingType") == Some("url");
    move |text| {
        json!(if url {
            url_encode(text)
        } else {
            text.to_owned()
        })
    }
}

pub(super) fn check_encoding(call: &Call) -> Result<(), AwsError> {
    match call.input.text("EncodingType") {
        None | Some("url") => Ok(()),
        Some(_) => Err(error::invalid_argument(
            "Invalid Encoding Method specified in Request",
        )),
    }
}

pub(super) fn max_keys(call: &Call) -> i64 {
    call.input.number("MaxKeys").unwrap_or(1000).clamp(0, 1000)
}

fn decode(token: &str) -> Result<String, AwsError> {
    let bytes = BASE64.decode(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| error::invalid_argument("The continuation token provided is incorrect"))
}
