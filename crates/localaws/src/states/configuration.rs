//! What create and update share: role, logging, tracing, version description.

use serde_json::{Value, json};

use crate::{AwsError, Scope};

use super::States;
use super::errors;
use super::input::Input;

/// The logging configuration of a machine that was given none.
pub(super) fn no_logging() -> Value {
    json!({ "level": "OFF", "includeExecutionData": false })
}

/// Who encrypts what is stored: AWS, unless told otherwise. It is checked, kept and shown; nothing
/// is encrypted here. AWS's words for what it refuses are not known.
pub(super) fn encryption(input: Input<'_>) -> Result<Option<Value>, AwsError> {
    let Some(given) = input.0.get("encryptionConfiguration") else {
        return Ok(None);
    };
    let refuse = |why: &str| {
        AwsError::new(
            "InvalidEncryptionConfiguration",
            format!("Invalid Encryption Configuration: {why}"),
        )
    };
    let mut kept = given.clone();
    let has = |member: &str| given.get(member).is_some();
    match Input(given).one_of("type", &["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"])? {
        Some("CUSTOMER_MANAGED_KMS_KEY") => {
            if !has("kmsKeyId") {
                return Err(refuse(
                    "kmsKeyId is required when type is CUSTOMER_MANAGED_KMS_KEY",
                ));
            }
            if !has("kmsDataKeyReusePeriodSeconds") {
                kept["kmsDataKeyReusePeriodSeconds"] = KEY_REUSE.into();
            }
        }
        _ => {
            if has("kmsKeyId") || has("kmsDataKeyReusePeriodSeconds") {
                return Err(refuse(
                    "kmsKeyId and kmsDataKeyReusePeriodSeconds must not be given when type is \
                     AWS_OWNED_KEY",
                ));
            }
        }
    }
    Ok(Some(kept))
}

/// Seconds for which a data key is used again, unless told otherwise.
const KEY_REUSE: u64 = 300;

/// The encryption of a resource that was given none.
pub(super) fn own_encryption() -> Value {
    json!({ "type": "AWS_OWNED_KEY" })
}

/// Checks a role's ARN.
pub(super) fn role(arn: &str) -> Result<String, AwsError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, "iam", "", _, name] if name.starts_with("role/") => Ok(arn.to_owned()),
        _ if !arn.starts_with("arn:") => {
            Err(errors::invalid_arn(&format!("Invalid ARN prefix: {arn}")))
        }
        _ => Err(errors::invalid_arn(&format!("Invalid Role Arn: {arn}"))),
    }
}

/// The tracing configuration, where given. It is kept and shown; nothing is traced here.
pub(super) fn tracing(input: Input<'_>) -> Option<Value> {
    let given = input.0.get("tracingConfiguration")?;
    let enabled = given.get("enabled").and_then(Value::as_bool);
    Some(json!({ "enabled": enabled == Some(true) }))
}

/// The description of the version to publish.
pub(super) fn version_description<'a>(
    input: Input<'a>,
    publish: bool,
) -> Result<Option<&'a str>, AwsError> {
    let description = input.limited("versionDescription", 256)?;
    if description.is_some() && !publish {
        return Err(AwsError::validation(
            "Version description can only be set when publish is true",
        ));
    }
    Ok(description)
}

/// The logging configuration, where given: complete, with a destination that exists.
pub(super) async fn logging(states: &States, input: Input<'_>) -> Result<Option<Value>, AwsError> {
    let Some(given) = input.0.get("loggingConfiguration") else {
        return Ok(None);
    };
    let given = Input(given);
    let level = given.one_of("level", &["ALL", "ERROR", "FATAL", "OFF"])?;
    let level = level.unwrap_or("OFF");
    let mut logging = json!({
        "level": level,
        "includeExecutionData": given.flag("includeExecutionData"),
    });
    let destinations = given.list("destinations");
    if given.0.get("destinations").is_some() {
        logging["destinations"] = destinations.into();
    }
    match destinations {
        [] if level == "OFF" => {}
        [_] => match log_group(&logging) {
            Some((scope, name)) if log_group_exists(states, &scope, name).await? => {}
            _ => return Err(invalid_logging("Log Destination not found.")),
        },
        _ => {
            let one = "Must specify exactly one Log Destination.";
            return Err(invalid_logging(one));
        }
    }
    Ok(Some(logging))
}

/// Where a logging configuration writes to: `arn:aws:logs:<region>:<account>:log-group:<name>:*`.
pub(super) fn log_group(logging: &Value) -> Option<(Scope, &str)> {
    let arn = logging.pointer("/destinations/0/cloudWatchLogsLogGroup/logGroupArn");
    let parts: Vec<&str> = arn?.as_str()?.splitn(8, ':').collect();
    let (region, account, name) = match parts[..] {
        ["arn", _, "logs", region, account, "log-group", name] => (region, account, name),
        ["arn", _, "logs", region, account, "log-group", name, "*"] => (region, account, name),
        _ => return None,
    };
    let scope = Scope {
        account: account.to_owned(),
        region: region.to_owned(),
    };
    Some((scope, name))
}

async fn log_group_exists(states: &States, scope: &Scope, name: &str) -> Result<bool, AwsError> {
    let prefix = json!({ "logGroupNamePrefix": name });
    let found = states
        .aws
        .call(scope, "logs", "DescribeLogGroups", prefix)
        .await?;
    let groups = found.get("logGroups").and_then(Value::as_array);
    let named = |group: &Value| group.get("logGroupName").and_then(Value::as_str) == Some(name);
    Ok(groups.is_some_and(|groups| groups.iter().any(named)))
}

fn invalid_logging(why: &str) -> AwsError {
    AwsError::new(
        "InvalidLoggingConfiguration",
        format!("Invalid Logging Configuration: {why}"),
    )
}
