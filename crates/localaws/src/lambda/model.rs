//! What the service keeps of functions, and the errors about them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Scope};

/// The version that changes.
pub(super) const LATEST: &str = "$LATEST";

/// A function with everything that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) latest: Configuration,
    /// Published versions by number.
    pub(super) versions: BTreeMap<u64, Configuration>,
    /// Number of the version published last, also when it was deleted since.
    pub(super) last_version: u64,
    pub(super) aliases: BTreeMap<String, Alias>,
    /// Statements of resource policies by qualifier; that of the function itself is empty.
    pub(super) policies: BTreeMap<String, Vec<Value>>,
    /// `ReservedConcurrentExecutions`.
    pub(super) reserved: Option<i64>,
    pub(super) tags: BTreeMap<String, String>,
    /// `EventInvokeConfig`s by qualifier.
    pub(super) event_invoke: BTreeMap<String, Value>,
    /// `FunctionUrlConfig`s by qualifier; that of the function itself is empty.
    pub(super) urls: BTreeMap<String, Value>,
}

/// Settings of one version, in the shape in which the API shows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Configuration {
    pub(super) runtime: String,
    pub(super) role: String,
    pub(super) handler: String,
    pub(super) code_size: u64,
    pub(super) description: String,
    /// Seconds.
    pub(super) timeout: u64,
    /// MB.
    pub(super) memory_size: u64,
    pub(super) last_modified: String,
    pub(super) code_sha256: String,
    pub(super) version: String,
    pub(super) revision_id: String,
    pub(super) architectures: Vec<String>,
    pub(super) environment: Option<Environment>,
    pub(super) vpc_config: Option<Value>,
    pub(super) dead_letter_config: Option<Value>,
    #[serde(rename = "KMSKeyArn")]
    pub(super) kms_key_arn: Option<String>,
    pub(super) tracing_config: Value,
    pub(super) ephemeral_storage: Value,
    pub(super) logging_config: Logging,
}

/// Variables of a function's processes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Environment {
    pub(super) variables: BTreeMap<String, String>,
}

/// Where and how a function's output is logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Logging {
    pub(super) log_format: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) application_log_level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system_log_level: Option<String>,
    pub(super) log_group: String,
}

/// A name for a version, or for two that share the load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) description: String,
    /// Share of the calls, from 0 to 1, that go to another version.
    pub(super) weights: BTreeMap<String, f64>,
    pub(super) revision: String,
}

impl Function {
    /// The version of that name.
    pub(super) fn version(&self, version: &str) -> Option<&Configuration> {
        if version == LATEST {
            return Some(&self.latest);
        }
        self.versions.get(&version.parse().ok()?)
    }

    /// The version that a qualifier stands for, by its main weight where it is an alias.
    pub(super) fn qualified(&self, qualifier: &str) -> Option<&Configuration> {
        match self.aliases.get(qualifier) {
            Some(alias) => self.version(&alias.version),
            None => self.version(qualifier),
        }
    }

    /// Whether a package is used by any version.
    pub(super) fn uses(&self, sha256: &str) -> bool {
        self.latest.code_sha256 == sha256
            || self.versions.values().any(|one| one.code_sha256 == sha256)
    }
}

impl Configuration {
    /// The configuration as the API shows it, under an ARN that may be qualified.
    pub(super) fn shown(&self, name: &str, arn: &str) -> Value {
        let mut shown = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(members) = &mut shown {
            members.retain(|_, value| !value.is_null());
            for (member, value) in [
                ("FunctionName", json!(name)),
                ("FunctionArn", json!(arn)),
                ("PackageType", json!("Zip")),
                ("State", json!("Active")),
                ("LastUpdateStatus", json!("Successful")),
                (
                    "SnapStart",
                    json!({ "ApplyOn": "None", "OptimizationStatus": "Off" }),
                ),
            ] {
                members.insert(member.to_owned(), value);
            }
        }
        shown
    }

    /// Whether code and settings are the same: what decides if publishing makes a version.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.version.clone_from(&self.version);
        other.revision_id.clone_from(&self.revision_id);
        other.last_modified.clone_from(&self.last_modified);
        other.description.clone_from(&self.description);
        *self == other
    }
}

/// ARN of a function or of one of its versions or aliases.
pub(super) fn function_arn(scope: &Scope, name: &str, qualifier: Option<&str>) -> String {
    match qualifier {
        None => scope.arn("lambda", &format!("function:{name}")),
        Some(qualifier) => scope.arn("lambda", &format!("function:{name}:{qualifier}")),
    }
}

pub(super) fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceNotFoundException", message)
        .with_status(404)
        .with_field("Type", "User".into())
}

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValueException", message).with_field("Type", "User".into())
}

pub(super) fn conflict(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceConflictException", message)
        .with_status(409)
        .with_field("Type", "User".into())
}

/// A parameter outside of what the API model allows.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> AwsError {
    AwsError::validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: \
         Member must {rule}"
    ))
}
