//! `ListTypes`: public resource types.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::page::page;
use crate::cloudformation::request::text;
use crate::resources::type_names;

pub(super) fn call(call: &Call) -> Result<Value, AwsError> {
    let input = &call.input;
    // Nothing is registered privately here, and there are neither modules nor hooks.
    let none = text(input, "Visibility") != Some("PUBLIC")
        || text(input, "Type").is_some_and(|kind| kind != "RESOURCE");
    let prefix = input
        .pointer("/Filters/TypeNamePrefix")
        .and_then(Value::as_str);
    let region = &call.scope.region;
    let partition = call.scope.partition();
    let summaries = type_names()
        .filter(|name| !none && prefix.is_none_or(|prefix| name.starts_with(prefix)))
        .map(|name| {
            json!({
                "Type": "RESOURCE",
                "TypeName": name,
                "TypeArn": format!("arn:{partition}:cloudformation:{region}::type/resource/{}", name.replace("::", "-")),
                "IsActivated": true,
            })
        })
        .collect();
    let size = input.get("MaxResults").and_then(Value::as_u64);
    let size = usize::try_from(size.unwrap_or(100)).unwrap_or(100);
    page(input, "TypeSummaries", summaries, size.clamp(1, 100))
}
