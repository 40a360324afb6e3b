//! A page of a list.

use serde_json::{Value, json};

use super::error::client;
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

/// A page of items, each with its key, sorted by it.
pub(super) fn list(
    call: &Call,
    member: &str,
    items: Vec<(String, Value)>,
) -> Result<Value, AwsError> {
    let limit = call.input.number("maxResults").unwrap_or(100).clamp(1, 100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let token = call.input.filled("nextToken");
    let shown = page(items, |(key, _)| key.clone(), token, limit);
    let (items, next) = shown.ok_or_else(|| client("Invalid nextToken."))?;
    let items: Vec<Value> = items.into_iter().map(|(_, item)| item).collect();
    let mut output = json!({ member: items });
    if let Some(next) = next {
        output["nextToken"] = json!(next);
    }
    Ok(output)
}
