//! Bucket policies: their form, and whether one opens the bucket to everybody.

use serde_json::{Value, json};

use super::state::Bucket;
use super::{S3, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl S3 {
    pub(super) fn get_bucket_policy_status(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let Some(policy) = bucket.configurations.get("Policy").and_then(Value::as_str) else {
            let message = "The bucket policy does not exist";
            return Err(AwsError::new("NoSuchBucketPolicy", message)
                .with_status(404)
                .with_field("BucketName", json!(bucket.name)));
        };
        let policy = serde_json::from_str(policy).unwrap_or_default();
        Ok(json!({ "PolicyStatus": { "IsPublic": is_public(&policy) } }))
    }
}

/// Refuses what S3 refuses when a policy is put.
pub(super) fn check(bucket: &Bucket, policy: &Value) -> Result<(), AwsError> {
    let malformed = |message: &str| AwsError::new("MalformedPolicy", message);
    let text = policy.as_str().unwrap_or_default();
    let policy: Value = serde_json::from_str(text)
        .map_err(|_| malformed("Policies must be valid JSON and the first byte must be '{'"))?;
    if !policy.is_object() {
        return Err(malformed(
            "Policies must be valid JSON and the first byte must be '{'",
        ));
    }
    let version = policy.text("Version").unwrap_or("2008-10-17");
    if !matches!(version, "2012-10-17" | "2008-10-17") {
        return Err(malformed("The policy must contain a valid version string"));
    }
    let statements = statements(&policy);
    if statements.is_empty() {
        return Err(malformed("Missing required field Statement"));
    }
    for statement in statements {
        if !matches!(statement.text("Effect"), Some("Allow" | "Deny")) {
            return Err(malformed("Missing required field Effect"));
        }
        if statement
            .get("Principal")
            .or(statement.get("NotPrincipal"))
            .is_none()
        {
            return Err(malformed("Missing required field Principal"));
        }
        let actions = statement.get("Action").or(statement.get("NotAction"));
        let Some(actions) = actions else {
            return Err(malformed("Missing required field Action"));
        };
        let known = |action: &str| action == "*" || action.to_lowercase().starts_with("s3:");
        if !texts(actions).into_iter().all(known) {
            return Err(malformed("Policy has invalid action"));
        }
        let resources = statement.get("Resource").or(statement.get("NotResource"));
        let Some(resources) = resources else {
            return Err(malformed("Missing required field Resource"));
        };
        let ours = |resource: &str| {
            let name = resource.split(":s3:::").nth(1).unwrap_or_default();
            let name = name.split('/').next().unwrap_or_default();
            resource == "*" || name == bucket.name || name.contains(['*', '?'])
        };
        if !texts(resources).into_iter().all(ours) {
            return Err(malformed("Policy has invalid resource"));
        }
    }
    let block = bucket.configurations.get("PublicAccessBlock");
    if block.is_some_and(|block| block.flag("BlockPublicPolicy")) && is_public(&policy) {
        return Err(error::access_denied(
            "Access Denied because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
        ));
    }
    Ok(())
}

/// Whether anybody may do something, after "The meaning of public" in the S3 user guide: allowed
/// to everyone without a condition that names somebody.
fn is_public(policy: &Value) -> bool {
    statements(policy).into_iter().any(|statement| {
        let everyone = match statement.get("Principal") {
            Some(Value::String(who)) => who == "*",
            Some(Value::Object(who)) => who.get("AWS").is_some_and(|who| texts(who).contains(&"*")),
            _ => false,
        };
        everyone && statement.text("Effect") == Some("Allow") && !names_somebody(statement)
    })
}

fn names_somebody(statement: &Value) -> bool {
    const NAMES: &[&str] = &[
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    ];
    let conditions = statement.map("Condition").into_iter().flatten();
    conditions
        .filter_map(|(_, keys)| keys.as_object())
        .flatten()
        .any(|(key, values)| {
            NAMES.contains(&key.to_lowercase().as_str()) && !texts(values).contains(&"*")
        })
}

fn statements(policy: &Value) -> Vec<&Value> {
    match policy.get("Statement") {
        Some(Value::Array(many)) => many.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
