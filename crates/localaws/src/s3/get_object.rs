//! GetObject and HeadObject: data, or what is known of it, whole, in a range, or one part.

use std::ops::Range;

use bytes::Bytes;
use serde_json::{Value, json};

use super::state::{Version, Versioning};
use super::{S3, condition, error, object_name};
use crate::params::Params;
use crate::{AwsError, Call, Reply};

/// Query parameters that override what the answer says of the object.
const OVERRIDES: &[(&str, &str)] = &[
    ("ResponseCacheControl", "CacheControl"),
    ("ResponseContentDisposition", "ContentDisposition"),
    ("ResponseContentEncoding", "ContentEncoding"),
    ("ResponseContentLanguage", "ContentLanguage"),
    ("ResponseContentType", "ContentType"),
    ("ResponseExpires", "Expires"),
];

impl S3 {
    pub(super) fn get_object(&self, call: &Call) -> Result<Reply, AwsError> {
        let version = self.version(call)?;
        if matches!(version.storage_class(), "GLACIER" | "DEEP_ARCHIVE") {
            let message = "The operation is not valid for the object's storage class";
            return Err(AwsError::new("InvalidObjectState", message)
                .with_status(403)
                .with_field("StorageClass", json!(version.storage_class())));
        }
        let (output, range) = self.describe(call, &version)?;
        let body = self.read(&version)?;
        let body = match range {
            Some(range) => body.slice(range.start as usize..range.end as usize),
            None => body,
        };
        Ok(Reply { output, body })
    }

    pub(super) fn head_object(&self, call: &Call) -> Result<Value, AwsError> {
        let version = self.version(call)?;
        Ok(self.describe(call, &version)?.0)
    }

    /// The data of a version.
    pub(super) fn read(&self, version: &Version) -> Result<Bytes, AwsError> {
        if version.size == 0 {
            return Ok(Bytes::new());
        }
        let found = self.data.get(&version.blob);
        found.ok_or_else(|| {
            AwsError::internal("We encountered an internal error. Please try again.")
        })
    }

    /// The members of the answer, and which bytes are asked for if not all.
    fn describe(
        &self,
        call: &Call,
        version: &Version,
    ) -> Result<(Value, Option<Range<u64>>), AwsError> {
        condition::check_read(call, "", version)?;
        check_customer_key(call, version)?;
        let range = wanted(call, version)?;
        let mut members = version.members.clone();
        for (parameter, member) in OVERRIDES {
            if let Some(value) = call.input.member(parameter) {
                members.insert((*member).to_owned(), value.clone());
            }
        }
        let length = range
            .as_ref()
            .map_or(version.size, |range| range.end - range.start);
        members.insert("AcceptRanges".to_owned(), json!("bytes"));
        members.insert("LastModified".to_owned(), json!(version.modified));
        members.insert("ContentLength".to_owned(), json!(length));
        members.insert("ETag".to_owned(), json!(version.etag));
        if self.bucket(call)?.versioning() != Versioning::Off || version.id != "null" {
            members.insert("VersionId".to_owned(), json!(version.id));
        }
        if let Some(range) = &range {
            let last = range.end.saturating_sub(1);
            let text = format!("bytes {}-{last}/{}", range.start, version.size);
            members.insert("ContentRange".to_owned(), json!(text));
        } else if call.input.text("ChecksumMode") == Some("ENABLED") {
            members.extend(version.checksums.clone());
        }
        if !version.tags.is_empty() {
            members.insert("TagCount".to_owned(), json!(version.tags.len()));
        }
        if call.input.number("PartNumber").is_some() && !version.parts.is_empty() {
            members.insert("PartsCount".to_owned(), json!(version.parts.len()));
        }
        Ok((Value::Object(members), range))
    }
}

/// Data that was encrypted with a key of the client's own needs the same key again.
pub(super) fn check_customer_key(call: &Call, version: &Version) -> Result<(), AwsError> {
    let kept = version.members.text("SSECustomerKeyMD5");
    let given = call.input.text("SSECustomerKeyMD5");
    match (kept, given) {
        (None, None) => Ok(()),
        (Some(kept), Some(given)) if kept == given => Ok(()),
        (Some(_), Some(_)) => Err(error::access_denied("Access Denied")),
        (Some(_), None) => Err(error::invalid_request(
            "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
        )),
        (None, Some(_)) => Err(error::invalid_request(
            "The encryption parameters are not applicable to this object.",
        )),
    }
}

fn wanted(call: &Call, version: &Version) -> Result<Option<Range<u64>>, AwsError> {
    if let Some(number) = call.input.number("PartNumber") {
        if call.input.text("Range").is_some() {
            return Err(error::invalid_request(
                "Cannot specify both Range header and partNumber query parameter",
            ));
        }
        return part(version, number, object_name(call)).map(Some);
    }
    match call.input.text("Range") {
        Some(text) => range(text, version.size),
        None => Ok(None),
    }
}

fn part(version: &Version, number: i64, key: &str) -> Result<Range<u64>, AwsError> {
    if version.parts.is_empty() && number == 1 {
        return Ok(0..version.size);
    }
    let mut start = 0;
    for part in &version.parts {
        if part.number == number {
            return Ok(start..start + part.size);
        }
        start += part.size;
    }
    let message = "The requested partnumber is not satisfiable";
    Err(AwsError::new("InvalidPartNumber", message)
        .with_status(416)
        .with_field("Key", json!(key)))
}

/// What a Range header asks for. One range only: others are ignored, as S3 does.
pub(super) fn range(text: &str, size: u64) -> Result<Option<Range<u64>>, AwsError> {
    let bounds = text
        .strip_prefix("bytes=")
        .and_then(|rest| rest.split_once('-'));
    let Some((first, last)) = bounds else {
        return Ok(None);
    };
    let unsatisfiable = || {
        AwsError::new("InvalidRange", "The requested range is not satisfiable")
            .with_status(416)
            .with_field("RangeRequested", json!(text))
            .with_field("ActualObjectSize", json!(size))
    };
    match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => {
            if first >= size {
                return Err(unsatisfiable());
            }
            Ok(Some(first..last.saturating_add(1).min(size)))
        }
        (Ok(first), Err(_)) if last.is_empty() => {
            if first >= size {
                return Err(unsatisfiable());
            }
            Ok(Some(first..size))
        }
        (Err(_), Ok(last)) if first.is_empty() => {
            if last == 0 || size == 0 {
                return Err(unsatisfiable());
            }
            Ok(Some(size.saturating_sub(last)..size))
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges() {
        let cases = [
            ("bytes=0-3", Some(0..4)),
            ("bytes=2-", Some(2..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-30", Some(0..10)),
            ("bytes=8-99", Some(8..10)),
            ("bytes=3-1", None),
            ("bytes=0-1,4-5", None),
            ("lines=0-1", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(range(text, 10).unwrap(), wanted, "{text}");
        }
        for text in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(range(text, 10).unwrap_err().code, "InvalidRange", "{text}");
        }
    }
}
