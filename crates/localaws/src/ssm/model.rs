//! What the service keeps of parameters, and how calls name them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Scope};

use super::Ssm;

/// A parameter with its versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) versions: BTreeMap<i64, Version>,
    pub(super) tags: BTreeMap<String, String>,
}

/// A version of a parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Version {
    /// `String`, `StringList` or `SecureString`.
    pub(super) kind: String,
    /// Of a `SecureString`, what KMS made of the value.
    pub(super) value: String,
    pub(super) key_id: Option<String>,
    pub(super) description: Option<String>,
    pub(super) allowed_pattern: Option<String>,
    pub(super) tier: String,
    pub(super) data_type: String,
    pub(super) modified: Timestamp,
    pub(super) user: String,
    pub(super) labels: BTreeSet<String>,
}

/// A parameter as a call names it: `name`, `name:3`, `name:label`, or an ARN of these.
#[derive(Debug, PartialEq)]
pub(super) struct Named {
    pub(super) name: String,
    /// With its colon, as answers show it.
    pub(super) selector: Option<String>,
}

impl Named {
    pub(super) fn parse(text: &str) -> Self {
        let (arn, rest) = match text.strip_prefix("arn:") {
            Some(arn) => (true, arn.splitn(5, ':').nth(4).unwrap_or_default()),
            None => (false, text),
        };
        let rest = rest.strip_prefix("parameter").unwrap_or(rest);
        let rest = if arn { rest } else { text };
        let (name, selector) = match rest.split_once(':') {
            Some((name, selector)) => (name, Some(format!(":{selector}"))),
            None => (rest, None),
        };
        // ARNs do not show whether a name without folders begins with a slash.
        let bare = name.strip_prefix('/').unwrap_or(name);
        let name = if arn && !bare.contains('/') {
            bare
        } else {
            name
        };
        Self {
            name: name.to_owned(),
            selector,
        }
    }
}

impl Parameter {
    /// The version that a selector names, or the last one.
    pub(super) fn version(&self, selector: Option<&str>) -> Option<(i64, &Version)> {
        let Some(selector) = selector.map(|selector| selector.trim_start_matches(':')) else {
            return self.last();
        };
        let found = match selector.parse::<i64>() {
            Ok(number) => self.versions.get_key_value(&number),
            Err(_) => self
                .versions
                .iter()
                .find(|(_, version)| version.labels.contains(selector)),
        };
        found.map(|(number, version)| (*number, version))
    }

    /// The version put last.
    pub(super) fn last(&self) -> Option<(i64, &Version)> {
        let last = self.versions.last_key_value();
        last.map(|(number, version)| (*number, version))
    }
}

impl Ssm {
    /// The parameter of that name, with or without the slash that ARNs do not show.
    pub(super) fn find(&self, scope: &Scope, name: &str) -> Option<Parameter> {
        self.parameters.get(&scope.key(name)).or_else(|| {
            let slashed = format!("/{name}");
            self.parameters.get(&scope.key(&slashed))
        })
    }

    /// A version as the Get operations show it.
    pub(super) async fn shown(
        &self,
        scope: &Scope,
        parameter: &Parameter,
        number: i64,
        version: &Version,
        decrypt: bool,
    ) -> Result<Value, AwsError> {
        let arn = arn(scope, &parameter.name);
        let value = match version.kind == "SecureString" && decrypt {
            true => self.decrypted(scope, &arn, version).await?,
            false => version.value.clone(),
        };
        Ok(json!({
            "Name": parameter.name,
            "Type": version.kind,
            "Value": value,
            "Version": number,
            "LastModifiedDate": version.modified.to_string(),
            "ARN": arn,
            "DataType": version.data_type,
        }))
    }

    /// A version as `DescribeParameters` and `GetParameterHistory` show it.
    pub(super) fn described(&self, name: &str, number: i64, version: &Version) -> Value {
        let mut described = json!({
            "Name": name,
            "Type": version.kind,
            "LastModifiedDate": version.modified.to_string(),
            "LastModifiedUser": version.user,
            "Version": number,
            "Tier": version.tier,
            "Policies": [],
            "DataType": version.data_type,
        });
        for (member, value) in [
            ("KeyId", &version.key_id),
            ("Description", &version.description),
            ("AllowedPattern", &version.allowed_pattern),
        ] {
            if let Some(value) = value {
                described[member] = value.as_str().into();
            }
        }
        described
    }
}

pub(super) fn arn(scope: &Scope, name: &str) -> String {
    let slash = if name.starts_with('/') { "" } else { "/" };
    scope.arn("ssm", &format!("parameter{slash}{name}"))
}

pub(super) fn not_found(name: &str) -> AwsError {
    AwsError::new("ParameterNotFound", format!("Parameter {name} not found."))
}

pub(super) fn version_not_found(name: &str, selector: &str) -> AwsError {
    AwsError::new(
        "ParameterVersionNotFound",
        format!(
            "Systems Manager could not find version {} of {name}. Verify the version and try again.",
            selector.trim_start_matches(':')
        ),
    )
}
