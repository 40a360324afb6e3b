//! What an HTTP task said and heard, as `TestState` shows it at level `TRACE`.
//!
//! The form of the headers, `[name: value, …]`, is that of the example in "Testing state machines
//! with TestState API" in the developer guide.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri};
use serde_json::{Value, json};

/// A request and its answer: members of the API's `InspectionData`.
#[derive(Debug, Clone)]
pub(in crate::states) struct Exchange {
    /// The request without what the connection added.
    pub(in crate::states) open: Value,
    /// The request as it was sent.
    pub(in crate::states) whole: Value,
    pub(in crate::states) response: Value,
}

/// `InspectionDataRequest`.
pub(super) fn request(request: &Request<Bytes>) -> Value {
    let mut shown = json!({
        "protocol": protocol(request.uri()),
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers(request.headers()),
    });
    if !request.body().is_empty() {
        shown["body"] = String::from_utf8_lossy(request.body()).into();
    }
    shown
}

/// `InspectionDataResponse`.
pub(super) fn response(answer: &Response<Bytes>, endpoint: &str) -> Value {
    let status = answer.status();
    let endpoint: Uri = endpoint.parse().unwrap_or_default();
    json!({
        "protocol": protocol(&endpoint),
        "statusCode": status.as_u16().to_string(),
        "statusMessage": status.canonical_reason().unwrap_or_default(),
        "headers": headers(answer.headers()),
        "body": String::from_utf8_lossy(answer.body()),
    })
}

fn protocol(uri: &Uri) -> &str {
    uri.scheme_str().unwrap_or("https")
}

fn headers(headers: &HeaderMap) -> String {
    let all = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        format!("{name}: {value}")
    });
    format!("[{}]", all.collect::<Vec<_>>().join(", "))
}
