//! Access control lists: canned ones and grants, kept and shown. They grant nothing here.

use serde_json::{Value, json};

use super::state::{Bucket, owner};
use super::{S3, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl S3 {
    pub(super) fn get_bucket_acl(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let set = bucket.configurations.get("Acl").cloned();
        Ok(set.unwrap_or_else(|| private(call)))
    }

    pub(super) fn put_bucket_acl(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        if let Some(acl) = given(call, &bucket)? {
            self.change_bucket(call, |bucket| {
                bucket.configurations.insert("Acl".to_owned(), acl)
            })?;
        }
        Ok(json!({}))
    }

    pub(super) fn get_object_acl(&self, call: &Call) -> Result<Value, AwsError> {
        let version = self.version(call)?;
        Ok(version.acl.unwrap_or_else(|| private(call)))
    }

    pub(super) fn put_object_acl(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let acl = given(call, &bucket)?;
        self.change_version(call, |version| version.acl = acl)?;
        Ok(json!({}))
    }
}

/// The list that a call sets, in whichever of the three ways it says it.
pub(super) fn given(call: &Call, bucket: &Bucket) -> Result<Option<Value>, AwsError> {
    const HEADERS: &[(&str, &str)] = &[
        ("GrantFullControl", "FULL_CONTROL"),
        ("GrantRead", "READ"),
        ("GrantReadACP", "READ_ACP"),
        ("GrantWrite", "WRITE"),
        ("GrantWriteACP", "WRITE_ACP"),
    ];
    let canned_name = call.input.text("ACL");
    let policy = call.input.get("AccessControlPolicy");
    let mut grants = Vec::new();
    for (header, permission) in HEADERS {
        for grantee in call.input.text(header).unwrap_or_default().split(',') {
            grants.extend(header_grant(grantee, permission));
        }
    }
    let acl = match (canned_name, policy) {
        (Some(name), _) => canned(call, name)?,
        (None, Some(policy)) => json!({
            "Owner": policy.get("Owner").cloned().unwrap_or_else(|| owner(call)),
            "Grants": policy.items("Grants"),
        }),
        (None, None) if !grants.is_empty() => json!({ "Owner": owner(call), "Grants": grants }),
        (None, None) => return Ok(None),
    };
    let rules = bucket.configurations.get("OwnershipControls");
    let rule = rules.and_then(|rules| rules.items("Rules").first());
    let enforced =
        rule.and_then(|rule| rule.text("ObjectOwnership")) == Some("BucketOwnerEnforced");
    let harmless = matches!(canned_name, Some("private" | "bucket-owner-full-control"))
        || acl.items("Grants") == private(call).items("Grants");
    if enforced && !harmless {
        return Err(AwsError::new(
            "AccessControlListNotSupported",
            "The bucket does not allow ACLs",
        ));
    }
    let block = bucket.configurations.get("PublicAccessBlock");
    if block.is_some_and(|block| block.flag("BlockPublicAcls")) && is_public(&acl) {
        return Err(error::access_denied(
            "Access Denied because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access.",
        ));
    }
    Ok(Some(acl))
}

/// The grants that a canned ACL's name stands for.
pub(super) fn canned(call: &Call, name: &str) -> Result<Value, AwsError> {
    const EVERYBODY: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
    const USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    const LOGS: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";
    let more: &[(&str, &str)] = match name {
        "private" | "bucket-owner-read" | "bucket-owner-full-control" | "aws-exec-read" => &[],
        "public-read" => &[(EVERYBODY, "READ")],
        "public-read-write" => &[(EVERYBODY, "READ"), (EVERYBODY, "WRITE")],
        "authenticated-read" => &[(USERS, "READ")],
        "log-delivery-write" => &[(LOGS, "WRITE"), (LOGS, "READ_ACP")],
        _ => return Err(error::invalid_argument("")),
    };
    let mut acl = private(call);
    let grants = acl.get_mut("Grants").and_then(Value::as_array_mut);
    if let Some(grants) = grants {
        grants.extend(more.iter().map(|(group, permission)| {
            json!({ "Grantee": { "Type": "Group", "URI": group }, "Permission": permission })
        }));
    }
    Ok(acl)
}

fn private(call: &Call) -> Value {
    let owner = owner(call);
    let grantee = json!({ "Type": "CanonicalUser", "ID": owner["ID"] });
    json!({
        "Owner": owner,
        "Grants": [{ "Grantee": grantee, "Permission": "FULL_CONTROL" }],
    })
}

/// A grantee as headers name it: `id="…"`, `uri="…"` or `emailAddress="…"`.
fn header_grant(text: &str, permission: &str) -> Option<Value> {
    let (kind, name) = text.trim().split_once('=')?;
    let name = name.trim_matches('"');
    let grantee = match kind {
        "id" => json!({ "Type": "CanonicalUser", "ID": name }),
        "uri" => json!({ "Type": "Group", "URI": name }),
        "emailAddress" => json!({ "Type": "AmazonCustomerByEmail", "EmailAddress": name }),
        _ => return None,
    };
    Some(json!({ "Grantee": grantee, "Permission": permission }))
}

fn is_public(acl: &Value) -> bool {
    acl.items("Grants").iter().any(|grant| {
        let group = grant.get("Grantee").and_then(|grantee| grantee.text("URI"));
        group.is_some_and(|group| {
            group.ends_with("/AllUsers") || group.ends_with("/AuthenticatedUsers")
        })
    })
}
