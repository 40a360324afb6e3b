//! The configurations of a bucket: which operations set and read them, and how their form differs
//! from that of the properties.

use serde_json::{Value, json};

use super::{lifecycle, notification};
use crate::resources::values::{differs, set, translate};
use crate::resources::{At, Failure};

/// A property of the bucket that S3 keeps as a configuration of its own.
pub(super) struct Setting {
    pub(super) property: &'static str,
    /// `Put<name>`, `Get<name>`, `Delete<name>`.
    name: &'static str,
    /// Member of the put.
    member: &'static str,
    /// Whether the answer to a get is the configuration itself, not an object around it.
    flat: bool,
    /// What takes the configuration away: its delete, or a put of this.
    gone: Gone,
    /// Names in properties and in the API, where they differ.
    names: &'static [(&'static str, &'static str)],
    to_api: fn(&Value) -> Value,
    to_property: fn(&Value) -> Value,
}

enum Gone {
    Delete(&'static str),
    Put(&'static str),
}

const PLAIN: Setting = Setting {
    property: "",
    name: "",
    member: "",
    flat: false,
    gone: Gone::Put("{}"),
    names: &[],
    to_api: Value::clone,
    to_property: Value::clone,
};

// Ownership stands before what it allows, versioning before replication, which needs it.
pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        property: "OwnershipControls",
        name: "BucketOwnershipControls",
        member: "OwnershipControls",
        gone: Gone::Delete("DeleteBucketOwnershipControls"),
        ..PLAIN
    },
    Setting {
        property: "PublicAccessBlockConfiguration",
        name: "PublicAccessBlock",
        member: "PublicAccessBlockConfiguration",
        gone: Gone::Delete("DeletePublicAccessBlock"),
        ..PLAIN
    },
    Setting {
        property: "BucketEncryption",
        name: "BucketEncryption",
        member: "ServerSideEncryptionConfiguration",
        gone: Gone::Delete("DeleteBucketEncryption"),
        names: &[
            ("ServerSideEncryptionConfiguration", "Rules"),
            (
                "ServerSideEncryptionByDefault",
                "ApplyServerSideEncryptionByDefault",
            ),
        ],
        ..PLAIN
    },
    Setting {
        property: "VersioningConfiguration",
        name: "BucketVersioning",
        member: "VersioningConfiguration",
        flat: true,
        gone: Gone::Put(r#"{"Status": "Suspended"}"#),
        ..PLAIN
    },
    Setting {
        property: "ObjectLockConfiguration",
        name: "ObjectLockConfiguration",
        member: "ObjectLockConfiguration",
        gone: Gone::Put(r#"{"ObjectLockEnabled": "Enabled"}"#),
        ..PLAIN
    },
    Setting {
        property: "LifecycleConfiguration",
        name: "BucketLifecycleConfiguration",
        member: "LifecycleConfiguration",
        flat: true,
        gone: Gone::Delete("DeleteBucketLifecycle"),
        to_api: lifecycle::to_api,
        to_property: lifecycle::to_property,
        ..PLAIN
    },
    Setting {
        property: "LoggingConfiguration",
        name: "BucketLogging",
        member: "BucketLoggingStatus",
        flat: true,
        names: &[
            ("DestinationBucketName", "TargetBucket"),
            ("LogFilePrefix", "TargetPrefix"),
        ],
        to_api: logging_to_api,
        to_property: |api| api.get("LoggingEnabled").cloned().unwrap_or_default(),
        ..PLAIN
    },
    Setting {
        property: "NotificationConfiguration",
        name: "BucketNotificationConfiguration",
        member: "NotificationConfiguration",
        flat: true,
        to_api: notification::to_api,
        to_property: notification::to_property,
        ..PLAIN
    },
    Setting {
        property: "CorsConfiguration",
        name: "BucketCors",
        member: "CORSConfiguration",
        flat: true,
        gone: Gone::Delete("DeleteBucketCors"),
        names: &[
            ("CorsRules", "CORSRules"),
            ("ExposedHeaders", "ExposeHeaders"),
            ("Id", "ID"),
            ("MaxAge", "MaxAgeSeconds"),
        ],
        ..PLAIN
    },
    Setting {
        property: "WebsiteConfiguration",
        name: "BucketWebsite",
        member: "WebsiteConfiguration",
        flat: true,
        gone: Gone::Delete("DeleteBucketWebsite"),
        names: &[
            ("RedirectRule", "Redirect"),
            ("RoutingRuleCondition", "Condition"),
        ],
        to_api: website_to_api,
        to_property: website_to_property,
    },
    Setting {
        property: "AccelerateConfiguration",
        name: "BucketAccelerateConfiguration",
        member: "AccelerateConfiguration",
        flat: true,
        gone: Gone::Put(r#"{"Status": "Suspended"}"#),
        names: &[("AccelerationStatus", "Status")],
        ..PLAIN
    },
    Setting {
        property: "ReplicationConfiguration",
        name: "BucketReplication",
        member: "ReplicationConfiguration",
        gone: Gone::Delete("DeleteBucketReplication"),
        names: &[("Id", "ID"), ("TagFilter", "Tag"), ("TagFilters", "Tags")],
        ..PLAIN
    },
];

impl Setting {
    /// Comes from the property before to the one after.
    pub(super) async fn change(
        &self,
        at: &At<'_>,
        bucket: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if !differs(before, after, self.property) {
            return Ok(());
        }
        let mut input = json!({ "Bucket": bucket });
        let put = match (after.get(self.property), &self.gone) {
            (Some(value), _) => translate(&(self.to_api)(value), self.names),
            (None, Gone::Put(value)) => serde_json::from_str(value).unwrap_or_default(),
            (None, Gone::Delete(action)) => {
                at.call("s3", action, input).await?;
                return Ok(());
            }
        };
        set(&mut input, self.member, put);
        at.call("s3", &format!("Put{}", self.name), input).await?;
        Ok(())
    }

    /// The live configuration as a property; `None` where there is none.
    pub(super) async fn read(&self, at: &At<'_>, bucket: &str) -> Result<Option<Value>, Failure> {
        let input = json!({ "Bucket": bucket });
        let found = at.find("s3", &format!("Get{}", self.name), input).await?;
        let found = match found {
            Some(found) if self.flat => Some(found),
            Some(found) => found.get(self.member).cloned(),
            None => None,
        };
        let back: Vec<_> = self
            .names
            .iter()
            .map(|(property, api)| (*api, *property))
            .collect();
        let value = found.map(|found| (self.to_property)(&translate(&found, &back)));
        Ok(value.filter(|value| value.as_object().is_some_and(|members| !members.is_empty())))
    }
}

fn logging_to_api(property: &Value) -> Value {
    let mut enabled = property.clone();
    // Both are optional in templates and required by S3: a bucket may log into itself.
    if enabled.get("LogFilePrefix").is_none() {
        set(&mut enabled, "LogFilePrefix", "");
    }
    json!({ "LoggingEnabled": enabled })
}

fn website_to_api(property: &Value) -> Value {
    let mut api = property.clone();
    if let Some(page) = property.get("IndexDocument") {
        set(&mut api, "IndexDocument", json!({ "Suffix": page }));
    }
    if let Some(page) = property.get("ErrorDocument") {
        set(&mut api, "ErrorDocument", json!({ "Key": page }));
    }
    api
}

fn website_to_property(api: &Value) -> Value {
    let mut property = api.clone();
    if let Some(page) = api.pointer("/IndexDocument/Suffix") {
        set(&mut property, "IndexDocument", page.clone());
    }
    if let Some(page) = api.pointer("/ErrorDocument/Key") {
        set(&mut property, "ErrorDocument", page.clone());
    }
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a property becomes in the API and comes back as, for the forms that differ most.
    #[test]
    fn forms_there_and_back() {
        let cases: Vec<Value> = serde_json::from_str(include_str!("setting_cases.json")).unwrap();
        for case in cases {
            let name = case["property"].as_str().unwrap();
            let setting = SETTINGS.iter().find(|one| one.property == name).unwrap();
            let api = translate(&(setting.to_api)(&case["template"]), setting.names);
            assert_eq!(api, case["api"], "{name}");
            let back: Vec<_> = setting
                .names
                .iter()
                .map(|(one, other)| (*other, *one))
                .collect();
            let property = (setting.to_property)(&translate(&api, &back));
            assert_eq!(property, case["back"], "{name}");
        }
    }
}
