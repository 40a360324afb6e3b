//! Object Lock: retention and legal holds, and what they forbid.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::Version;
use super::{S3, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl S3 {
    pub(super) fn get_object_retention(&self, call: &Call) -> Result<Value, AwsError> {
        self.locked_bucket(call)?;
        let version = self.version(call)?;
        let (mode, until) = (
            version.members.get("ObjectLockMode"),
            version.members.get("ObjectLockRetainUntilDate"),
        );
        if mode.is_none() {
            return Err(no_lock());
        }
        Ok(json!({ "Retention": { "Mode": mode, "RetainUntilDate": until } }))
    }

    pub(super) fn put_object_retention(&self, call: &Call) -> Result<Value, AwsError> {
        self.locked_bucket(call)?;
        let now = self.aws.clock().now();
        let version = self.version(call)?;
        let given = call.input.get("Retention");
        let mode = given.and_then(|given| given.text("Mode"));
        let until = given.and_then(|given| given.text("RetainUntilDate"));
        let end = until.and_then(|until| until.parse::<Timestamp>().ok());
        if mode.is_some() && end.is_none_or(|end| end <= now) {
            return Err(error::invalid_argument(
                "The retain until date must be in the future!",
            ));
        }
        if retained(&version, now) {
            let bypass = version.members.text("ObjectLockMode") == Some("GOVERNANCE")
                && call.input.flag("BypassGovernanceRetention");
            let longer =
                mode == version.members.text("ObjectLockMode") && end >= until_of(&version);
            if !longer && !bypass {
                return Err(error::access_denied(
                    "Access Denied because object protected by object lock.",
                ));
            }
        }
        self.change_version(call, |version| {
            let members = &mut version.members;
            members.shift_remove("ObjectLockMode");
            members.shift_remove("ObjectLockRetainUntilDate");
            if let (Some(mode), Some(until)) = (mode, until) {
                members.insert("ObjectLockMode".to_owned(), json!(mode));
                members.insert("ObjectLockRetainUntilDate".to_owned(), json!(until));
            }
        })?;
        Ok(json!({}))
    }

    pub(super) fn get_object_legal_hold(&self, call: &Call) -> Result<Value, AwsError> {
        self.locked_bucket(call)?;
        let version = self.version(call)?;
        match version.members.get("ObjectLockLegalHoldStatus") {
            Some(status) => Ok(json!({ "LegalHold": { "Status": status } })),
            None => Err(no_lock()),
        }
    }

    pub(super) fn put_object_legal_hold(&self, call: &Call) -> Result<Value, AwsError> {
        self.locked_bucket(call)?;
        let given = call.input.get("LegalHold");
        let status = given.and_then(|given| given.text("Status"));
        let Some(status) = status.filter(|status| matches!(*status, "ON" | "OFF")) else {
            return Err(error::malformed_xml());
        };
        self.change_version(call, |version| {
            let name = "ObjectLockLegalHoldStatus".to_owned();
            version.members.insert(name, json!(status));
        })?;
        Ok(json!({}))
    }

    fn locked_bucket(&self, call: &Call) -> Result<(), AwsError> {
        if self.bucket(call)?.configurations.contains_key("ObjectLock") {
            return Ok(());
        }
        Err(error::invalid_request(
            "Bucket is missing Object Lock Configuration",
        ))
    }
}

/// Whether a version may be deleted for good.
pub(super) fn check_delete(call: &Call, version: &Version, now: Timestamp) -> Result<(), AwsError> {
    let held = version.members.text("ObjectLockLegalHoldStatus") == Some("ON");
    let bypass = version.members.text("ObjectLockMode") == Some("GOVERNANCE")
        && call.input.flag("BypassGovernanceRetention");
    if held || (retained(version, now) && !bypass) {
        return Err(error::access_denied(
            "Access Denied because object protected by object lock.",
        ));
    }
    Ok(())
}

fn retained(version: &Version, now: Timestamp) -> bool {
    until_of(version).is_some_and(|until| until > now)
}

fn until_of(version: &Version) -> Option<Timestamp> {
    version
        .members
        .text("ObjectLockRetainUntilDate")?
        .parse()
        .ok()
}

fn no_lock() -> AwsError {
    AwsError::new(
        "NoSuchObjectLockConfiguration",
        "The specified object does not have a ObjectLock configuration",
    )
    .with_status(404)
}
