//! Values to wire forms and back, by shape. Knows no HTTP method and no error.
//!
//! A value uses the model's member names; points in time are ISO 8601 text, blobs base64 text.

pub(crate) mod cbor;
pub(crate) mod form;
pub(crate) mod json;
mod mismatch;
pub(crate) mod query;
pub(crate) mod rest;
pub(crate) mod scalar;
pub(crate) mod sqs_names;
pub(crate) mod time;
pub(crate) mod uri;
pub(crate) mod xml_read;
pub(crate) mod xml_write;

pub use mismatch::Mismatch;
pub(crate) use mismatch::Within;

/// A body as JSON, as AWS takes it: nothing is an empty object.
pub(crate) fn json_body(body: &[u8]) -> Result<serde_json::Value, Mismatch> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(serde_json::Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| Mismatch::new(error.to_string()))
}
