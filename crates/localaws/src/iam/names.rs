//! Names, paths, errors and pages, which are alike for everything in IAM.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

pub(super) fn no_such_entity(message: impl Into<String>) -> AwsError {
    AwsError::new("NoSuchEntity", message).with_status(404)
}

pub(super) fn already_exists(message: impl Into<String>) -> AwsError {
    AwsError::new("EntityAlreadyExists", message).with_status(409)
}

pub(super) fn delete_conflict(message: impl Into<String>) -> AwsError {
    AwsError::new("DeleteConflict", message).with_status(409)
}

pub(super) fn limit_exceeded(message: impl Into<String>) -> AwsError {
    AwsError::new("LimitExceeded", message).with_status(409)
}

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationError", message)
}

/// Key of a name in its table.
pub(super) fn key(scope: &Scope, name: &str) -> String {
    format!("{}/{}", scope.account, name.to_lowercase())
}

/// Prefix of all keys of an account.
pub(super) fn account_prefix(scope: &Scope) -> String {
    format!("{}/", scope.account)
}

/// The name in a member of the input, if it could be one.
pub(super) fn name<'a>(call: &'a Call, member: &str, longest: usize) -> Result<&'a str, AwsError> {
    let name = call.input.text(member).unwrap_or_default();
    let mut letters = member.chars();
    let shown: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect();
    if name.len() > longest || name.is_empty() {
        let rule = match name.is_empty() {
            true => "greater than or equal to 1".to_owned(),
            false => format!("less than or equal to {longest}"),
        };
        return Err(invalid(format!(
            "1 validation error detected: Value '{name}' at '{shown}' failed to satisfy \
             constraint: Member must have length {rule}"
        )));
    }
    if !name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c))
    {
        return Err(invalid(format!(
            "The specified value for {shown} is invalid. It must contain only alphanumeric \
             characters and/or the following: +=,.@_-"
        )));
    }
    Ok(name)
}

/// `Path`: `/` unless given.
pub(super) fn path(call: &Call) -> Result<String, AwsError> {
    let path = call.input.filled("Path").unwrap_or("/");
    let printable = path.bytes().all(|byte| (0x21..=0x7f).contains(&byte));
    if path.starts_with('/') && path.ends_with('/') && printable && path.len() <= 512 {
        return Ok(path.to_owned());
    }
    Err(invalid(
        "The specified value for path is invalid. It must begin and end with / and contain only \
         alphanumeric characters and/or / characters.",
    ))
}

/// A page of a list that is sorted by its keys: `{member: […], IsTruncated, Marker}`.
pub(super) fn paged(
    call: &Call,
    member: &str,
    items: Vec<(String, Value)>,
) -> Result<Value, AwsError> {
    let limit = call.input.number("MaxItems").unwrap_or(100).clamp(1, 1000) as usize;
    let marker = call.input.filled("Marker");
    let (given, next) = page(items, |(key, _)| key.clone(), marker, limit)
        .ok_or_else(|| invalid("Invalid Marker."))?;
    let given: Vec<Value> = given.into_iter().map(|(_, item)| item).collect();
    let mut output = json!({ member: given, "IsTruncated": next.is_some() });
    if let Some(next) = next {
        output["Marker"] = next.into();
    }
    Ok(output)
}

/// `PathPrefix`: `/` unless given.
pub(super) fn path_prefix(call: &Call) -> &str {
    call.input.filled("PathPrefix").unwrap_or("/")
}
