//! S3's errors, with the codes, sentences and statuses of its API reference ("Error responses").

use serde_json::json;

use crate::AwsError;

pub(super) fn no_such_bucket(bucket: &str) -> AwsError {
    AwsError::new("NoSuchBucket", "The specified bucket does not exist")
        .with_status(404)
        .with_field("BucketName", json!(bucket))
}

pub(super) fn no_such_key(key: &str) -> AwsError {
    AwsError::new("NoSuchKey", "The specified key does not exist.")
        .with_status(404)
        .with_field("Key", json!(key))
}

pub(super) fn no_such_version(key: &str, version: &str) -> AwsError {
    AwsError::new("NoSuchVersion", "The specified version does not exist.")
        .with_status(404)
        .with_field("Key", json!(key))
        .with_field("VersionId", json!(version))
}

pub(super) fn no_such_upload(upload: &str) -> AwsError {
    AwsError::new(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
    .with_status(404)
    .with_field("UploadId", json!(upload))
}

pub(super) fn invalid_argument(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidArgument", message)
}

pub(super) fn invalid_request(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidRequest", message)
}

pub(super) fn malformed_xml() -> AwsError {
    AwsError::new(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
}

pub(super) fn access_denied(message: impl Into<String>) -> AwsError {
    AwsError::new("AccessDenied", message).with_status(403)
}

pub(super) fn precondition_failed(condition: &str) -> AwsError {
    AwsError::new(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
    )
    .with_status(412)
    .with_field("Condition", json!(condition))
}

/// The answer to a conditional read of something that did not change; it has no body.
pub(super) fn not_modified() -> AwsError {
    AwsError::new("NotModified", "Not Modified").with_status(304)
}
