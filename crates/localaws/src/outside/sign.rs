//! Signature version 4, for the few requests that leave this program.
//!
//! "Create a signed AWS API request" in the IAM user guide.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use http::header::HeaderValue;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// With what requests are signed.
pub(super) struct Credentials {
    pub(super) key: String,
    pub(super) secret: String,
    pub(super) token: Option<String>,
}

impl Default for Credentials {
    /// Most endpoints that are not AWS take anything.
    fn default() -> Self {
        Self {
            key: "test".to_owned(),
            secret: "test".to_owned(),
            token: None,
        }
    }
}

/// Adds the headers that sign a request.
pub(super) fn sign(
    request: &mut Request<Bytes>,
    credentials: &Credentials,
    service: &str,
    region: &str,
    now: Timestamp,
) {
    let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = time.get(..8).unwrap_or_default().to_owned();
    let digest = hex::encode(Sha256::digest(request.body()));
    let mut added = vec![("x-amz-date", time.clone())];
    if service == "s3" {
        added.push(("x-amz-content-sha256", digest.clone()));
    }
    if let Some(token) = &credentials.token {
        added.push(("x-amz-security-token", token.clone()));
    }
    for (name, value) in added {
        set(request, name, &value);
    }
    let headers: BTreeMap<&str, String> = request
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?.trim().to_owned())))
        .collect();
    let names: Vec<&str> = headers.keys().copied().collect();
    let names = names.join(";");
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let uri = request.uri();
    // Paths are encoded once more, except S3's.
    let path = match service {
        "s3" => uri.path().to_owned(),
        _ => encode(uri.path()),
    };
    let mut query: Vec<String> = uri
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .map(|pair| match pair.contains('=') {
            true => pair.to_owned(),
            false => format!("{pair}="),
        })
        .collect();
    query.sort();
    let canonical = format!(
        "{}\n{path}\n{}\n{lines}\n{names}\n{digest}",
        request.method(),
        query.join("&")
    );
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
        hex::encode(Sha256::digest(canonical.as_bytes()))
    );
    let mut key = format!("AWS4{}", credentials.secret).into_bytes();
    for part in [day.as_str(), region, service, "aws4_request"] {
        key = hmac(&key, part.as_bytes()).to_vec();
    }
    let signature = hex::encode(hmac(&key, to_sign.as_bytes()));
    let id = &credentials.key;
    set(
        request,
        "authorization",
        &format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
        ),
    );
}

fn set(request: &mut Request<Bytes>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        request.headers_mut().insert(name, value);
    }
}

fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// HMAC-SHA256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    let short: Vec<u8> = match key.len() {
        0..=64 => key.to_vec(),
        _ => Sha256::digest(key).to_vec(),
    };
    block
        .iter_mut()
        .zip(&short)
        .for_each(|(to, from)| *to = *from);
    let padded = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_example() {
        // "GET Object" among the examples of signature calculations in the S3 API reference.
        let request = Request::get("https://examplebucket.s3.amazonaws.com/test.txt")
            .header("host", "examplebucket.s3.amazonaws.com")
            .header("range", "bytes=0-9");
        let mut request = request.body(Bytes::new()).unwrap();
        let credentials = Credentials {
            key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            token: None,
        };
        let now = "2013-05-24T00:00:00Z".parse().unwrap();
        sign(&mut request, &credentials, "s3", "us-east-1", now);
        assert_eq!(
            request.headers()["authorization"],
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
    }
}
