//! Tags of objects, and what tags must be like.

use serde_json::{Value, json};

use super::state::Bucket;
use super::{S3, error};
use crate::params::Params;
use crate::{AwsError, Call, service::CLOUDFORMATION};

impl S3 {
    pub(super) fn get_object_tagging(&self, call: &Call) -> Result<Value, AwsError> {
        let version = self.version(call)?;
        let mut output = json!({ "TagSet": version.tags });
        if version.id != "null" {
            output["VersionId"] = json!(version.id);
        }
        Ok(output)
    }

    pub(super) fn put_object_tagging(&self, call: &Call) -> Result<Value, AwsError> {
        let tagging = call.input.get("Tagging").ok_or_else(error::malformed_xml)?;
        let tags = tagging.items("TagSet");
        check(tags, 10)?;
        self.retag(call, tags)
    }

    pub(super) fn delete_object_tagging(&self, call: &Call) -> Result<Value, AwsError> {
        self.retag(call, &[])
    }

    fn retag(&self, call: &Call, tags: &[Value]) -> Result<Value, AwsError> {
        let id = self.change_version(call, |version| {
            version.tags = tags.to_vec();
            version.id.clone()
        })?;
        if id == "null" {
            return Ok(json!({}));
        }
        Ok(json!({ "VersionId": id }))
    }
}

/// Refuses tags that S3 refuses.
pub(super) fn check(tags: &[Value], most: usize) -> Result<(), AwsError> {
    if tags.len() > most {
        let what = if most == 10 {
            "Object tags"
        } else {
            "Bucket tag count"
        };
        let message = format!("{what} cannot be greater than {most}");
        return Err(AwsError::new("BadRequest", message));
    }
    let invalid = |message: &str| AwsError::new("InvalidTag", message);
    let mut keys = std::collections::BTreeSet::new();
    for tag in tags {
        let key = tag.text("Key").unwrap_or_default();
        let value = tag.text("Value").unwrap_or_default();
        if key.is_empty() || key.chars().count() > 128 {
            return Err(invalid("The TagKey you have provided is invalid"));
        }
        if value.chars().count() > 256 {
            return Err(invalid("The TagValue you have provided is invalid"));
        }
        if key.starts_with("aws:") {
            return Err(invalid("System tags cannot be added/updated by requester"));
        }
        if !keys.insert(key) {
            return Err(invalid("Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(())
}

/// The tags of a bucket that AWS itself set.
pub(super) fn system_tags(bucket: &Bucket) -> Vec<Value> {
    let tags = bucket.configurations.get("Tagging");
    let tags = tags.map_or(&[][..], |tagging| tagging.items("TagSet"));
    tags.iter().filter(|tag| is_system(tag)).cloned().collect()
}

fn is_system(tag: &Value) -> bool {
    tag.text("Key").is_some_and(|key| key.starts_with("aws:"))
}

/// Refuses a set of bucket tags that S3 refuses. CloudFormation may set tags of its own, which
/// stay when it sets others; whoever else puts tags must repeat them.
pub(super) fn check_bucket(call: &Call, bucket: &Bucket, set: &mut Value) -> Result<(), AwsError> {
    let (mut given, mut own): (Vec<Value>, Vec<Value>) =
        set.items("TagSet").iter().cloned().partition(is_system);
    let kept = system_tags(bucket);
    if call.caller != CLOUDFORMATION {
        let refused = |what: &str| {
            let message = format!("System tags cannot be {what} by requester");
            Err(AwsError::new("InvalidTag", message))
        };
        if given.iter().any(|tag| !kept.contains(tag)) {
            return refused("added/updated");
        }
        if kept.iter().any(|tag| !given.contains(tag)) {
            return refused("removed");
        }
    } else if given.is_empty() {
        given = kept;
    }
    check(&own, 50)?;
    own.append(&mut given);
    set["TagSet"] = Value::Array(own);
    Ok(())
}

/// Tags as the header of a put has them: `a=b&c=d`, URL-encoded.
pub(super) fn from_header(text: Option<&str>) -> Result<Vec<Value>, AwsError> {
    let pairs = text.unwrap_or_default().split('&');
    let tags: Vec<_> = pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text: &str| url_decode(&text.replace('+', " "));
            json!({ "Key": decode(key), "Value": decode(value) })
        })
        .collect();
    check(&tags, 10)?;
    Ok(tags)
}

/// Undoes percent-encoding.
pub(super) fn url_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let mut decoded = [0];
        match digits.map(|digits| hex::decode_to_slice(digits, &mut decoded)) {
            Some(Ok(())) => {
                bytes.push(decoded[0]);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-encodes all but what is safe in a path, as listings do on request.
pub(super) fn url_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.*/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_goes_there_and_back() {
        for text in ["a b/c+d.txt", "ä€%", "plain", "100%", "%zz"] {
            assert_eq!(url_decode(&url_encode(text)), text);
        }
        let tags = from_header(Some("a=1&b%20c=x+y")).unwrap();
        assert_eq!(tags[1], json!({ "Key": "b c", "Value": "x y" }));
    }
}
