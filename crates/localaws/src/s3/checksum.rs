//! Digests of data: what a client claims is checked, what it asks for is computed.
//!
//! CRC32 and SHA-256 are computed here. Other algorithms' values are kept as they were given.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::params::Params;
use crate::{AwsError, Call};

/// Members that carry a checksum.
const MEMBERS: &[&str] = &[
    "ChecksumCRC32",
    "ChecksumCRC32C",
    "ChecksumCRC64NVME",
    "ChecksumSHA1",
    "ChecksumSHA256",
];

/// The MD5 of data in hexadecimal digits.
pub(super) fn md5_hex(data: &[u8]) -> String {
    hex::encode(Md5::digest(data))
}

/// The value of one algorithm (`CRC32`), if it is computed here.
pub(super) fn compute(algorithm: &str, data: &[u8]) -> Option<String> {
    match algorithm {
        "CRC32" => {
            let mut crc = flate2::Crc::new();
            crc.update(data);
            Some(BASE64.encode(crc.sum().to_be_bytes()))
        }
        "SHA256" => Some(BASE64.encode(Sha256::digest(data))),
        _ => None,
    }
}

/// The checksums to keep of data that came with a call.
pub(super) fn of_call(call: &Call) -> Result<Map<String, Value>, AwsError> {
    let input = &call.input;
    if let Some(claimed) = input.text("ContentMD5")
        && claimed != BASE64.encode(Md5::digest(&call.body))
    {
        let message = "The Content-MD5 you specified did not match what we received.";
        return Err(AwsError::new("BadDigest", message));
    }
    let mut checksums = Map::new();
    for member in MEMBERS {
        let Some(claimed) = input.text(member) else {
            continue;
        };
        let algorithm = member.strip_prefix("Checksum").unwrap_or_default();
        if let Some(actual) = compute(algorithm, &call.body)
            && actual != claimed
        {
            let message =
                format!("The {algorithm} you specified did not match the calculated checksum.");
            return Err(AwsError::new("BadDigest", message));
        }
        checksums.insert((*member).to_owned(), json!(claimed));
    }
    if checksums.is_empty()
        && let Some(algorithm) = input.text("ChecksumAlgorithm")
        && let Some(value) = compute(algorithm, &call.body)
    {
        checksums.insert(format!("Checksum{algorithm}"), json!(value));
    }
    if !checksums.is_empty() {
        checksums.insert("ChecksumType".to_owned(), json!("FULL_OBJECT"));
    }
    Ok(checksums)
}

/// The checksum of checksums of an upload in parts, `<value>-<parts>`; `None` when a part has none.
pub(super) fn composite(algorithm: &str, parts: &[Map<String, Value>]) -> Option<String> {
    let member = format!("Checksum{algorithm}");
    let mut all = Vec::new();
    for part in parts {
        all.extend(BASE64.decode(part.text(&member)?).ok()?);
    }
    Some(format!("{}-{}", compute(algorithm, &all)?, parts.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_other_tools() {
        assert_eq!(md5_hex(b"hello"), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(compute("CRC32", b"hello").unwrap(), "NhCmhg==");
        let sha = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        assert_eq!(compute("SHA256", b"hello").unwrap(), sha);
    }
}
