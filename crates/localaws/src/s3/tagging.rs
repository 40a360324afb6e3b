//! Tags of objects, and what tags must be like.

use serde_json::{Value, json};

use super::{S3, error};
use crate::params::Params;
use crate::{AwsError, Call};

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
