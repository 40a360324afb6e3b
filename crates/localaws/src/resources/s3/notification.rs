//! Notifications: properties have one event an entry, the API a list of them.

use serde_json::{Value, json};

use crate::resources::values::{items, set, translate};

/// Lists and targets in properties and in the API.
const KINDS: [(&str, &str, &str, &str); 3] = [
    (
        "LambdaConfigurations",
        "Function",
        "LambdaFunctionConfigurations",
        "LambdaFunctionArn",
    ),
    (
        "QueueConfigurations",
        "Queue",
        "QueueConfigurations",
        "QueueArn",
    ),
    (
        "TopicConfigurations",
        "Topic",
        "TopicConfigurations",
        "TopicArn",
    ),
];

/// Notifications in the API's form.
pub(super) fn to_api(property: &Value) -> Value {
    let mut api = json!({});
    for (list, target, api_list, api_target) in KINDS {
        let entries = items(property, list).iter().map(|entry| {
            let mut one = json!({ "Events": [entry.get("Event")], api_target: entry.get(target) });
            if let Some(filter) = entry.get("Filter") {
                set(
                    &mut one,
                    "Filter",
                    translate(filter, &[("S3Key", "Key"), ("Rules", "FilterRules")]),
                );
            }
            one
        });
        let entries: Vec<Value> = entries.collect();
        if !entries.is_empty() {
            set(&mut api, api_list, entries);
        }
    }
    if property.pointer("/EventBridgeConfiguration/EventBridgeEnabled") == Some(&json!(true)) {
        set(&mut api, "EventBridgeConfiguration", json!({}));
    }
    api
}

/// Notifications in the form of the property.
pub(super) fn to_property(api: &Value) -> Value {
    let mut property = json!({});
    for (list, target, api_list, api_target) in KINDS {
        let mut entries = Vec::new();
        for entry in items(api, api_list) {
            for event in items(entry, "Events") {
                let mut one = json!({ "Event": event, target: entry.get(api_target) });
                if let Some(filter) = entry.get("Filter") {
                    let names = [("Key", "S3Key"), ("FilterRules", "Rules")];
                    set(&mut one, "Filter", translate(filter, &names));
                }
                entries.push(one);
            }
        }
        if !entries.is_empty() {
            set(&mut property, list, entries);
        }
    }
    if api.get("EventBridgeConfiguration").is_some() {
        let on = json!({ "EventBridgeEnabled": true });
        set(&mut property, "EventBridgeConfiguration", on);
    }
    property
}
