//! The answer: as a result, or as a failure by its status.

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value, json};

use crate::states::tasks::failure::Failure;

/// What cannot be data of a workflow.
const BINARY: [&str; 4] = ["application/octet-stream", "image/", "video/", "audio/"];

/// The task's result.
pub(super) fn result(answer: &Response<Bytes>) -> Result<String, Failure> {
    let status = answer.status();
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in answer.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        let values = headers.entry(name.as_str()).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(value.into());
        }
    }
    let kind = answer.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = std::str::from_utf8(answer.body());
    let (false, Ok(text)) = (BINARY.iter().any(|binary| kind.starts_with(binary)), text) else {
        return Err(Failure::new(
            "States.Runtime",
            format!("The response of content type '{kind}' is not text"),
        ));
    };
    let reason = status.canonical_reason().unwrap_or_default();
    if !status.is_success() {
        let error = format!("States.Http.StatusCode.{}", status.as_u16());
        let cause = if text.is_empty() { reason } else { text };
        return Err(Failure::new(error, cause));
    }
    // JSON is JSON whatever it is called.
    let body = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    Ok(json!({
        "Headers": headers,
        "ResponseBody": body,
        "StatusCode": status.as_u16(),
        "StatusText": reason,
    })
    .to_string())
}
