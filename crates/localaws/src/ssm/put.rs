//! `PutParameter`, and how secure strings are encrypted.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Ssm;
use super::model::{Parameter, Version, arn};
use super::tags::tags_of;

/// Number of versions that are kept.
const MOST_VERSIONS: usize = 100;

impl Ssm {
    pub(super) async fn put_parameter(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("Name").unwrap_or_default();
        check_name(name)?;
        let overwrite = input.flag("Overwrite");
        let tags = tags_of(input);
        if overwrite && !tags.is_empty() {
            return Err(AwsError::validation(
                "Invalid request: tags and overwrite can't be used together. To create a parameter \
                 with tags, please remove overwrite flag. To update tags for an existing \
                 parameter, please use AddTagsToResource or RemoveTagsFromResource.",
            ));
        }
        if input
            .filled("Policies")
            .is_some_and(|policies| policies.trim() != "[]")
        {
            return Err(AwsError::validation(
                "Parameter policies are not supported by this endpoint",
            ));
        }
        let key = call.scope.key(name);
        let before = self.parameters.get(&key);
        let exists = || {
            AwsError::new(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option \
                 in the request to true.",
            )
        };
        if before.is_some() && !overwrite {
            return Err(exists());
        }
        let last = before
            .as_ref()
            .and_then(Parameter::last)
            .map(|(_, last)| last);
        let version = self.version(call, name, last).await?;
        let tier = version.tier.clone();
        if last.is_none() {
            let parameter = Parameter {
                name: name.to_owned(),
                versions: BTreeMap::from([(1, version)]),
                tags,
            };
            return match self.parameters.insert(&key, parameter) {
                true => Ok(json!({ "Version": 1, "Tier": tier })),
                false => Err(exists()),
            };
        }
        let put = self.parameters.update(&key, |parameter| {
            let oldest = parameter.versions.first_key_value();
            let full = parameter.versions.len() >= MOST_VERSIONS;
            if let (true, Some((number, oldest))) = (full, oldest) {
                if !oldest.labels.is_empty() {
                    return Err(AwsError::new(
                        "ParameterMaxVersionLimitExceeded",
                        format!(
                            "You attempted to create a new version of {name} by calling the \
                             PutParameter API. Version {number}, the oldest version, can't be \
                             deleted because it has a label associated with it."
                        ),
                    ));
                }
                parameter.versions.pop_first();
            }
            let number = parameter.last().map_or(1, |(number, _)| number + 1);
            parameter.versions.insert(number, version);
            Ok(number)
        });
        let number = put.unwrap_or_else(|| Err(super::model::not_found(name)))?;
        Ok(json!({ "Version": number, "Tier": tier }))
    }

    async fn version(
        &self,
        call: &Call,
        name: &str,
        last: Option<&Version>,
    ) -> Result<Version, AwsError> {
        let input = &call.input;
        let kind = match (input.filled("Type"), last) {
            (Some(kind), Some(last)) if kind != last.kind => {
                return Err(AwsError::new(
                    "HierarchyTypeMismatchException",
                    "Parameter Store does not support changing a parameter type in a hierarchy. \
                     You must create a new, unique parameter.",
                ));
            }
            (Some(kind @ ("String" | "StringList" | "SecureString")), _) => kind,
            (Some(kind), _) => {
                return Err(AwsError::validation(format!(
                    "1 validation error detected: Value '{kind}' at 'type' failed to satisfy \
                     constraint: Member must satisfy enum value set: [SecureString, StringList, \
                     String]"
                )));
            }
            (None, Some(last)) => &last.kind,
            (None, None) => {
                return Err(AwsError::validation(
                    "A parameter type is required when you create a parameter.",
                ));
            }
        };
        let plain = input.text("Value").unwrap_or_default();
        let tier = tier(input, last, plain.chars().count())?;
        let kept = |member: &str, before: Option<&Option<String>>| {
            let given = input.text(member).map(str::to_owned);
            given.or_else(|| before.cloned().flatten())
        };
        let allowed_pattern = kept("AllowedPattern", last.map(|last| &last.allowed_pattern));
        if let Some(pattern) = allowed_pattern
            .as_ref()
            .filter(|pattern| !pattern.is_empty())
        {
            let regex = Regex::new(pattern).map_err(|_| {
                AwsError::new(
                    "InvalidAllowedPatternException",
                    format!("The allowed pattern {pattern} is not a valid regular expression"),
                )
            })?;
            if !regex.is_match(plain) {
                return Err(AwsError::new(
                    "ParameterPatternMismatchException",
                    format!(
                        "Parameter value, cannot be validated against allowedPattern: {pattern}"
                    ),
                ));
            }
        }
        let key_id = (kind == "SecureString").then(|| {
            let before = last.and_then(|last| last.key_id.as_deref());
            let given = input.filled("KeyId").or(before);
            given.unwrap_or("alias/aws/ssm").to_owned()
        });
        let value = match &key_id {
            Some(key) => self.encrypted(&call.scope, name, key, plain).await?,
            None => plain.to_owned(),
        };
        Ok(Version {
            kind: kind.to_owned(),
            value,
            key_id,
            description: kept("Description", last.map(|last| &last.description)),
            allowed_pattern,
            tier,
            data_type: input.filled("DataType").unwrap_or("text").to_owned(),
            modified: self.aws.clock().now(),
            user: call.caller.clone(),
            labels: BTreeSet::new(),
        })
    }

    async fn encrypted(
        &self,
        scope: &Scope,
        name: &str,
        key: &str,
        plain: &str,
    ) -> Result<String, AwsError> {
        let input = json!({
            "KeyId": key,
            "Plaintext": STANDARD.encode(plain),
            "EncryptionContext": { "PARAMETER_ARN": arn(scope, name) },
        });
        let encrypted = self.aws.call(scope, "kms", "Encrypt", input).await;
        let encrypted = encrypted.map_err(|error| AwsError::new("InvalidKeyId", error.message))?;
        Ok(encrypted
            .text("CiphertextBlob")
            .unwrap_or_default()
            .to_owned())
    }

    pub(super) async fn decrypted(
        &self,
        scope: &Scope,
        arn: &str,
        version: &Version,
    ) -> Result<String, AwsError> {
        let input = json!({
            "CiphertextBlob": version.value,
            "EncryptionContext": { "PARAMETER_ARN": arn },
        });
        let decrypted = self.aws.call(scope, "kms", "Decrypt", input).await;
        let decrypted = decrypted.map_err(|error| AwsError::new("InvalidKeyId", error.message))?;
        let plain = STANDARD.decode(decrypted.text("Plaintext").unwrap_or_default());
        let plain = plain.ok().and_then(|plain| String::from_utf8(plain).ok());
        plain.ok_or_else(|| AwsError::internal("a secure string is not text"))
    }
}

fn tier(input: &Value, last: Option<&Version>, length: usize) -> Result<String, AwsError> {
    let before = last.map_or("Standard", |last| &last.tier);
    let tier = match input.filled("Tier").unwrap_or(before) {
        "Intelligent-Tiering" if length > 4096 => "Advanced",
        "Intelligent-Tiering" => before,
        tier => tier,
    };
    if before == "Advanced" && tier == "Standard" {
        return Err(AwsError::validation(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from \
             the advanced-parameter tier to the standard-parameter tier.",
        ));
    }
    let most = if tier == "Advanced" { 8192 } else { 4096 };
    if length > most {
        return Err(AwsError::validation(format!(
            "{tier} tier parameters support a maximum parameter value of {most} characters."
        )));
    }
    if length == 0 {
        return Err(AwsError::validation(
            "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member \
             must have length greater than or equal to 1",
        ));
    }
    Ok(tier.to_owned())
}

fn check_name(name: &str) -> Result<(), AwsError> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if name.is_empty() || name.len() > 2048 || !name.chars().all(fine) {
        return Err(AwsError::validation(
            "Parameter name: can only contain the following letters and symbols: a-zA-Z0-9_.-/",
        ));
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err(AwsError::validation(
            "Parameter name must be a fully qualified name.",
        ));
    }
    let lower = name.to_lowercase();
    if lower.starts_with("/aws/") || lower.starts_with("/ssm/") {
        return Err(AwsError::new(
            "AccessDeniedException",
            format!("No access to reserved parameter name: {name}."),
        ));
    }
    if lower.starts_with("aws") || lower.starts_with("ssm") {
        return Err(AwsError::validation(
            "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).",
        ));
    }
    if name.ends_with('/') || name.contains("//") {
        return Err(AwsError::validation(
            "Parameter name: a part between slashes must not be empty.",
        ));
    }
    if name.matches('/').count() > 15 {
        return Err(AwsError::new(
            "HierarchyLevelLimitExceededException",
            "A hierarchy can have a maximum of 15 levels.",
        ));
    }
    Ok(())
}
