//! The few S3 calls that map runs make, as the execution's role.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::runner::Running;

/// Reads an object.
pub(super) async fn get(
    states: &States,
    running: &Running,
    arguments: &Value,
) -> Result<Bytes, AwsError> {
    let mut input = json!({});
    for member in ["Bucket", "Key", "VersionId", "ExpectedBucketOwner"] {
        if let Some(value) = arguments.get(member) {
            input[member] = value.clone();
        }
    }
    let reply = states
        .call_as(running, "s3", "GetObject", input, Bytes::new())
        .await?;
    Ok(reply.body)
}

/// Writes an object.
pub(super) async fn put(
    states: &States,
    running: &Running,
    bucket: &str,
    key: &str,
    body: Bytes,
) -> Result<(), AwsError> {
    let input = json!({ "Bucket": bucket, "Key": key, "ContentType": "application/json" });
    states
        .call_as(running, "s3", "PutObject", input, body)
        .await?;
    Ok(())
}

/// Lists objects until there are `max` (0: all) of them.
pub(super) async fn list(
    states: &States,
    running: &Running,
    arguments: &Value,
    max: usize,
) -> Result<Vec<Value>, AwsError> {
    let mut input = arguments.clone();
    let mut objects = Vec::new();
    loop {
        let page = input.clone();
        let reply = states
            .call_as(running, "s3", "ListObjectsV2", page, Bytes::new())
            .await?;
        let contents = reply.output.get("Contents").and_then(Value::as_array);
        objects.extend(contents.into_iter().flatten().cloned());
        let next = reply.output.get("NextContinuationToken");
        match next {
            Some(next) if max == 0 || objects.len() < max => {
                input["ContinuationToken"] = next.clone();
            }
            _ => return Ok(objects),
        }
    }
}
