//! A page of ARNs.

use serde_json::{Value, json};

use super::error::invalid;
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

/// A page of a sorted list, at most 100 at once.
pub(super) fn list(call: &Call, member: &str, items: Vec<String>) -> Result<Value, AwsError> {
    let limit = call.input.number("maxResults").unwrap_or(100);
    let limit = usize::try_from(limit)
        .ok()
        .filter(|n| (1..=100).contains(n));
    let limit = limit.ok_or_else(|| invalid("maxResults must be between 1 and 100"))?;
    let token = call.input.text("nextToken");
    let shown = page(items, Clone::clone, token, limit);
    let (items, next) = shown.ok_or_else(|| invalid("Invalid token in request"))?;
    let mut output = json!({ member: items });
    if let Some(next) = next {
        output["nextToken"] = json!(next);
    }
    Ok(output)
}
