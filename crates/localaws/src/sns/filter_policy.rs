//! Which messages a subscription wants: patterns over the attributes or the body of messages.

use serde_json::{Map, Value, json};

use super::error;
use super::state::Subscription;
use crate::AwsError;
use crate::params::Params;
use crate::pattern::Pattern;

/// A policy has at most this many keys.
const MOST_KEYS: usize = 5;

/// Refuses policies that SNS refuses.
pub(super) fn check(policy: &str, scope: Option<&str>) -> Result<(), AwsError> {
    if policy == "{}" {
        return Ok(());
    }
    let invalid = |reason: &str| error::invalid(format!("FilterPolicy: {reason}"));
    Pattern::parse(policy).map_err(|reason| invalid(&reason))?;
    let parsed: Value = serde_json::from_str(policy).unwrap_or_default();
    let nested = parsed.as_object().into_iter().flatten();
    let nested = nested.filter(|(_, value)| value.is_object()).count() > 0;
    if nested && scope != Some("MessageBody") {
        return Err(invalid(
            "Filter policy scope MessageAttributes does not support nested filter policy",
        ));
    }
    if keys(&parsed) > MOST_KEYS {
        return Err(invalid("Filter policy can not have more than 5 keys"));
    }
    Ok(())
}

fn keys(policy: &Value) -> usize {
    let members = policy.as_object().into_iter().flatten();
    members
        .map(|(_, value)| if value.is_object() { keys(value) } else { 1 })
        .sum()
}

/// Whether a subscription wants a message.
pub(super) fn wants(
    subscription: &Subscription,
    attributes: Option<&Map<String, Value>>,
    body: &str,
) -> bool {
    let Some(policy) = subscription.attributes.get("FilterPolicy") else {
        return true;
    };
    if policy == "{}" {
        return true;
    }
    let Ok(pattern) = Pattern::parse(policy) else {
        return false;
    };
    let scope = subscription.attributes.get("FilterPolicyScope");
    if scope.map(String::as_str) == Some("MessageBody") {
        let body = serde_json::from_str::<Value>(body);
        return body.is_ok_and(|body| body.is_object() && pattern.matches(&body));
    }
    let values: Map<_, _> = attributes
        .into_iter()
        .flatten()
        .filter_map(|(name, attribute)| Some((name.clone(), value(attribute)?)))
        .collect();
    pattern.matches(&Value::Object(values))
}

/// An attribute as a pattern sees it. Binary ones cannot be filtered by.
fn value(attribute: &Value) -> Option<Value> {
    let text = attribute.text("StringValue")?;
    match attribute.text("DataType")? {
        "Number" => serde_json::from_str(text).ok(),
        "String.Array" => serde_json::from_str(text).ok(),
        kind if kind.starts_with("String") => Some(json!(text)),
        kind if kind.starts_with("Number") => serde_json::from_str(text).ok(),
        _ => None,
    }
}
