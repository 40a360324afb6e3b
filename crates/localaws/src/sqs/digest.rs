//! The MD5 digests that clients check: of bodies and of message attributes.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest as _, Md5};
use serde_json::Value;

use crate::params::Params;

pub(super) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body))
}

/// The digest of attributes as "Calculating the MD5 message digest for message attributes" in the
/// SQS developer guide says: sorted by name, everything preceded by its length.
pub(super) fn of_attributes(attributes: &BTreeMap<String, Value>) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let length = |part: &[u8]| u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes();
    for (name, attribute) in attributes {
        let kind = attribute.text("DataType").unwrap_or_default();
        for part in [name.as_bytes(), kind.as_bytes()] {
            bytes.extend(length(part));
            bytes.extend(part);
        }
        let binary = attribute.text("BinaryValue");
        let value = match binary {
            Some(binary) => BASE64.decode(binary).unwrap_or_default(),
            None => attribute.text("StringValue").unwrap_or_default().into(),
        };
        // One byte without a length says how the value travels.
        bytes.push(if binary.is_some() { 2 } else { 1 });
        bytes.extend(length(&value));
        bytes.extend(value);
    }
    Some(hex::encode(Md5::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_have_the_digest_of_other_clients() {
        let attributes = BTreeMap::from([(
            "timestamp".to_owned(),
            json!({ "DataType": "Number", "StringValue": "1493147359900" }),
        )]);
        let digest = of_attributes(&attributes).unwrap();
        assert_eq!(digest, "235c5c510d26fb653d073faed50ae77c");
    }
}
