//! What a target is given: the event, a part of it, a constant, or a text made from parts.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::state::Rule;
use crate::params::Params;
use crate::template::{fill, lookup};

/// The text for a target.
pub(super) fn of_target(target: &Value, rule: &Rule, event: &Value, now: Timestamp) -> String {
    if let Some(input) = target.text("Input") {
        return input.to_owned();
    }
    if let Some(path) = target.text("InputPath") {
        return lookup(event, path).unwrap_or(Value::Null).to_string();
    }
    match target.get("InputTransformer") {
        Some(transformer) => transform(transformer, rule, event, now),
        None => event.to_string(),
    }
}

/// Refuses transformers that EventBridge refuses.
pub(super) fn check(transformer: &Value) -> Result<(), String> {
    let template = transformer.text("InputTemplate").unwrap_or_default();
    let known = transformer.map("InputPathsMap");
    for (name, path) in known.into_iter().flatten() {
        if name.to_lowercase().starts_with("aws") {
            return Err(format!("InputPathsMap key {name} is reserved."));
        }
        if !path.as_str().is_some_and(|path| path.starts_with('$')) {
            return Err(format!(
                "InputPath for key {name} is not a valid JSON path."
            ));
        }
    }
    for name in placeholders(template) {
        let given = known.is_some_and(|known| known.contains_key(name));
        if !given && !name.starts_with("aws.events.") {
            return Err(format!(
                "Invalid InputTemplate for target: {name} is not in InputPathsMap."
            ));
        }
    }
    Ok(())
}

fn placeholders(template: &str) -> Vec<&str> {
    let starts = template.split('<').skip(1);
    let names = starts.filter_map(|rest| Some(rest.split_once('>')?.0));
    names.filter(|name| is_name(name)).collect()
}

fn is_name(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !text.is_empty() && text.bytes().all(good)
}

/// Fills the template of a transformer.
fn transform(transformer: &Value, rule: &Rule, event: &Value, now: Timestamp) -> String {
    let mut values: Map<String, Value> = Map::new();
    for (name, path) in transformer.map("InputPathsMap").into_iter().flatten() {
        let found = path.as_str().and_then(|path| lookup(event, path));
        values.insert(name.clone(), found.unwrap_or(Value::Null));
    }
    for (name, value) in [
        ("rule-arn", json!(rule.arn())),
        ("rule-name", json!(rule.name)),
        ("event.ingestion-time", json!(format!("{now:.0}"))),
        ("event", without_detail(event)),
        ("event.json", event.clone()),
    ] {
        values.insert(format!("aws.events.{name}"), value);
    }
    let template = transformer.text("InputTemplate").unwrap_or_default();
    fill(template, |name| values.get(name).cloned())
}

fn without_detail(event: &Value) -> Value {
    let mut event = event.clone();
    if let Some(members) = event.as_object_mut() {
        members.shift_remove("detail");
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled() {
        let event = json!({
            "detail-type": "T", "source": "s",
            "detail": { "name": "a \"b\"", "n": 1, "list": [{ "x": 1 }, { "x": 2 }], "a b": true },
        });
        let rule: Rule = serde_json::from_value(json!({
            "name": "r", "bus": "default", "scope": { "account": "000000000000", "region": "eu-west-1" },
            "state": "ENABLED", "targets": [], "tags": {}, "anchor": "2026-01-01T00:00:00Z",
        }))
        .unwrap();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let paths = json!({
            "name": "$.detail.name", "n": "$.detail.n", "all": "$.detail.list[*].x",
            "second": "$.detail.list[1].x", "odd": "$.detail['a b']", "none": "$.detail.none", "type": "$.detail-type",
        });
        for (template, wanted) in [
            (
                r#"{"n": <n>, "name": <name>}"#,
                r#"{"n": 1, "name": "a \"b\""}"#,
            ),
            (r#""<type>: <name> has <n>""#, r#""T: a \"b\" has 1""#),
            ("<all> <second> <odd> <none>", "[1,2] 2 true null"),
            (r#"{"rule": <aws.events.rule-name>}"#, r#"{"rule": "r"}"#),
            ("a < b > c", "a < b > c"),
        ] {
            let transformer = json!({ "InputPathsMap": paths, "InputTemplate": template });
            assert_eq!(
                transform(&transformer, &rule, &event, now),
                wanted,
                "{template}"
            );
        }
        let unknown = json!({ "InputPathsMap": paths, "InputTemplate": "<what>" });
        assert!(check(&unknown).is_err());
    }
}
