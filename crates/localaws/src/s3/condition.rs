//! Conditional requests: If-Match and its kin.

use jiff::Timestamp;

use super::error;
use super::state::Version;
use crate::AwsError;
use crate::Call;
use crate::params::Params;

/// Whether a version may be read. `prefix` is `""`, or `"CopySource"` where the source of a copy
/// has conditions of its own, none of which answers "not modified".
pub(super) fn check_read(call: &Call, prefix: &str, version: &Version) -> Result<(), AwsError> {
    let given = |name: &str| call.input.text(&format!("{prefix}{name}"));
    let time = |name: &str| given(name).and_then(|text| text.parse::<Timestamp>().ok());
    let unchanged = |condition: &str| {
        if prefix.is_empty() {
            error::not_modified()
        } else {
            error::precondition_failed(condition)
        }
    };
    if let Some(etags) = given("IfMatch") {
        if !matches(etags, &version.etag) {
            return Err(error::precondition_failed("If-Match"));
        }
    } else if let Some(since) = time("IfUnmodifiedSince")
        && version.modified > since
    {
        return Err(error::precondition_failed("If-Unmodified-Since"));
    }
    if let Some(etags) = given("IfNoneMatch") {
        if matches(etags, &version.etag) {
            return Err(unchanged("If-None-Match"));
        }
    } else if let Some(since) = time("IfModifiedSince")
        && version.modified <= since
    {
        return Err(unchanged("If-Modified-Since"));
    }
    Ok(())
}

/// Whether a write may replace what is there: S3's conditional writes.
pub(super) fn check_write(call: &Call, current: Option<&Version>) -> Result<(), AwsError> {
    let current = current.filter(|version| !version.delete_marker);
    if call.input.text("IfNoneMatch").is_some() && current.is_some() {
        return Err(error::precondition_failed("If-None-Match"));
    }
    if let Some(etags) = call.input.text("IfMatch") {
        let Some(current) = current else {
            return Err(error::no_such_key(super::object_name(call)));
        };
        if !matches(etags, &current.etag) {
            return Err(error::precondition_failed("If-Match"));
        }
    }
    Ok(())
}

fn matches(wanted: &str, etag: &str) -> bool {
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    let etag = bare(etag);
    wanted.trim() == "*" || wanted.split(',').any(|one| bare(one) == etag)
}
