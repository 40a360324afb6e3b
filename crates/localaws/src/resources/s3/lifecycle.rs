//! Lifecycle rules: properties have them flat, the API nests conditions and actions.

use serde_json::{Value, json};

use crate::resources::values::{extend, items, pick, rename, set, set_some, text};

/// Rules in the API's form.
pub(super) fn to_api(property: &Value) -> Value {
    let rules: Value = items(property, "Rules").iter().map(rule_to_api).collect();
    let mut api = pick(property, &["TransitionDefaultMinimumObjectSize"]);
    set(&mut api, "Rules", rules);
    api
}

fn rule_to_api(rule: &Value) -> Value {
    let mut api = rename(rule, &[("Id", "ID")]);
    extend(
        &mut api,
        pick(
            rule,
            &[
                "AbortIncompleteMultipartUpload",
                "NoncurrentVersionExpiration",
                "Status",
            ],
        ),
    );
    let expiration = rename(
        rule,
        &[
            ("ExpirationDate", "Date"),
            ("ExpirationInDays", "Days"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        ],
    );
    if expiration != json!({}) {
        set(&mut api, "Expiration", expiration);
    }
    set(&mut api, "Filter", filter(rule));
    // The older singular forms stand for a list of one.
    let transitions = with_singular(rule, "Transitions", "Transition");
    let names = [
        ("StorageClass", "StorageClass"),
        ("TransitionDate", "Date"),
        ("TransitionInDays", "Days"),
    ];
    set_list(&mut api, "Transitions", &transitions, &names);
    let noncurrent = with_singular(
        rule,
        "NoncurrentVersionTransitions",
        "NoncurrentVersionTransition",
    );
    let names = [
        ("NewerNoncurrentVersions", "NewerNoncurrentVersions"),
        ("StorageClass", "StorageClass"),
        ("TransitionInDays", "NoncurrentDays"),
    ];
    set_list(
        &mut api,
        "NoncurrentVersionTransitions",
        &noncurrent,
        &names,
    );
    if let Some(days) = rule.get("NoncurrentVersionExpirationInDays") {
        set(
            &mut api,
            "NoncurrentVersionExpiration",
            json!({ "NoncurrentDays": days }),
        );
    }
    api
}

fn with_singular(rule: &Value, list: &str, one: &str) -> Vec<Value> {
    let all = items(rule, list).iter().chain(rule.get(one));
    all.cloned().collect()
}

fn set_list(api: &mut Value, name: &str, list: &[Value], names: &[(&str, &str)]) {
    if !list.is_empty() {
        let list = list.iter().map(|one| rename(one, names));
        set(api, name, list.collect::<Value>());
    }
}

/// One condition stands alone; more of them go into `And`.
fn filter(rule: &Value) -> Value {
    let tags = items(rule, "TagFilters");
    let mut filter = pick(rule, &["Prefix"]);
    for size in ["ObjectSizeGreaterThan", "ObjectSizeLessThan"] {
        // Texts in properties, numbers in the API.
        set_some(
            &mut filter,
            size,
            text(rule, size).parse::<u64>().ok().map(Value::from),
        );
    }
    let conditions = tags.len() + filter.as_object().map_or(0, serde_json::Map::len);
    match (conditions, tags) {
        (0, _) => json!({ "Prefix": "" }),
        (1, [tag]) => json!({ "Tag": tag }),
        (1, _) => filter,
        _ => {
            if !tags.is_empty() {
                set(&mut filter, "Tags", tags);
            }
            json!({ "And": filter })
        }
    }
}

/// Rules in the form of the property.
pub(super) fn to_property(api: &Value) -> Value {
    let rules: Value = items(api, "Rules").iter().map(rule_to_property).collect();
    let mut property = pick(api, &["TransitionDefaultMinimumObjectSize"]);
    set(&mut property, "Rules", rules);
    property
}

fn rule_to_property(api: &Value) -> Value {
    let mut rule = rename(api, &[("ID", "Id")]);
    extend(
        &mut rule,
        pick(
            api,
            &[
                "AbortIncompleteMultipartUpload",
                "NoncurrentVersionExpiration",
                "Prefix",
                "Status",
            ],
        ),
    );
    if let Some(expiration) = api.get("Expiration") {
        let names = [
            ("Date", "ExpirationDate"),
            ("Days", "ExpirationInDays"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        ];
        extend(&mut rule, rename(expiration, &names));
    }
    let filter = api.get("Filter").cloned().unwrap_or_default();
    let conditions = filter.get("And").unwrap_or(&filter);
    let prefix = text(conditions, "Prefix");
    if !prefix.is_empty() {
        set(&mut rule, "Prefix", prefix);
    }
    for size in ["ObjectSizeGreaterThan", "ObjectSizeLessThan"] {
        set_some(
            &mut rule,
            size,
            conditions.get(size).map(|size| json!(size.to_string())),
        );
    }
    let tags: Vec<Value> = items(conditions, "Tags")
        .iter()
        .chain(conditions.get("Tag"))
        .cloned()
        .collect();
    if !tags.is_empty() {
        set(&mut rule, "TagFilters", tags);
    }
    let names = [
        ("StorageClass", "StorageClass"),
        ("Date", "TransitionDate"),
        ("Days", "TransitionInDays"),
    ];
    set_list(&mut rule, "Transitions", items(api, "Transitions"), &names);
    let names = [
        ("NewerNoncurrentVersions", "NewerNoncurrentVersions"),
        ("StorageClass", "StorageClass"),
        ("NoncurrentDays", "TransitionInDays"),
    ];
    let noncurrent = items(api, "NoncurrentVersionTransitions");
    set_list(
        &mut rule,
        "NoncurrentVersionTransitions",
        noncurrent,
        &names,
    );
    rule
}
