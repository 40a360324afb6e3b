//! Every handled type lives once: made, read, changed, read, deleted, gone.
//!
//! A case is a file: `with` are resources made first, `create` and `update` the properties before
//! and after, `ref` what the physical id must look like, `attributes` what `GetAtt` must give.
//! `${Name}` and `${Name.Attribute}` stand for the resources of `with`. What is read must show all
//! that was declared, or a stack would drift by itself.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Code, Context, Resource, Resources, Schema, handler, values};
use crate::{Aws, Clock, Config, Ids, Scope, Store};

#[derive(Deserialize)]
struct Case {
    #[serde(rename = "type")]
    type_name: String,
    #[serde(default)]
    with: Vec<Other>,
    create: Value,
    #[serde(default)]
    update: Option<Value>,
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Other {
    name: String,
    #[serde(rename = "type")]
    type_name: String,
    properties: Value,
}

#[tokio::test]
async fn every_handled_type_lives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resources/tests/cases");
    let mut seen = Vec::new();
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let case: Case = serde_json::from_slice(&std::fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        seen.push(case.type_name.clone());
        if let Err(fault) = live(&case).await {
            faults.push(format!("{}: {fault}", case.type_name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let forgotten = super::type_names().filter(|name| handler::of(name).is_some());
    let forgotten: Vec<_> = forgotten.filter(|name| !seen.contains(name)).collect();
    assert!(
        forgotten.is_empty(),
        "handled, but without a case: {forgotten:?}"
    );
}

async fn live(case: &Case) -> Result<(), String> {
    let aws = Aws::start(Config {
        clock: Clock::fast(),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    });
    // All that happens is in flight, or virtual time would run while nothing else does.
    let resources = Resources::new(&aws);
    let fail = |step: &str| {
        let step = step.to_owned();
        move |failure: super::Failure| format!("{step}: {}: {failure}", failure.code)
    };
    let mut made: BTreeMap<String, Resource> = BTreeMap::new();
    for other in &case.with {
        let cx = context(&other.type_name, &other.name);
        let properties = filled(&other.properties, &made);
        if other.type_name == "object" {
            put_object(&aws, &properties).await;
            continue;
        }
        let resource = resources
            .create(&cx, &properties)
            .await
            .map_err(fail(&other.name))?;
        made.insert(other.name.clone(), resource);
    }
    let cx = context(&case.type_name, "It");
    let schema = Schema::of(&case.type_name).ok_or("unknown type")?;
    let before = filled(&case.create, &made);
    let faults = schema.property_faults(&before);
    if !faults.is_empty() {
        return Err(faults.join("; "));
    }
    let it = resources
        .create(&cx, &before)
        .await
        .map_err(fail("create"))?;
    check(&case.reference, &it.physical_id, "ref")?;
    for (name, pattern) in &case.attributes {
        let value = it.attributes.get(name).map(ToString::to_string);
        check(pattern, value.unwrap_or_default().trim_matches('"'), name)?;
    }
    let shown = async |declared: &Value, step: &str| {
        if !schema.supports_drift() {
            return Ok(());
        }
        let live = resources
            .read(&cx, &it.physical_id, declared)
            .await
            .map_err(fail("read"))?;
        let live = live.ok_or(format!("{step}: not found"))?;
        let wanted = readable(schema, resources.wanted(&cx, declared));
        match missing(&wanted, &live) {
            Some(path) => Err(format!("{step}: {path} differs: {live}")),
            None => Ok(()),
        }
    };
    shown(&before, "after create").await?;
    let mut last = before.clone();
    if let Some(after) = &case.update {
        let after = filled(after, &made);
        let same = resources
            .update(&cx, &it.physical_id, &before, &after)
            .await;
        assert_eq!(same.map_err(fail("update"))?.physical_id, it.physical_id);
        shown(&after, "after update").await?;
        last = after;
    }
    resources
        .delete(&cx, &it.physical_id, &last)
        .await
        .map_err(fail("delete"))?;
    if schema.supports_drift() {
        let gone = resources
            .read(&cx, &it.physical_id, &last)
            .await
            .map_err(fail("read"))?;
        if let Some(live) = gone {
            return Err(format!("still there after delete: {live}"));
        }
        match resources.delete(&cx, &it.physical_id, &last).await {
            Ok(()) => {}
            Err(failure) if failure.code == Code::NotFound => {}
            Err(failure) => return Err(fail("second delete")(failure)),
        }
    }
    Ok(())
}

/// `object` in `with`: an object in S3, its `Body` in base64.
async fn put_object(aws: &Aws, properties: &Value) {
    let body = BASE64_STANDARD
        .decode(values::text(properties, "Body"))
        .unwrap();
    let input = values::pick(properties, &["Bucket", "Key"]);
    let scope = Scope::new("eu-central-1");
    let put = aws
        .call_raw(&scope, "s3", "PutObject", input, body.into())
        .await;
    put.unwrap();
}

fn context(type_name: &str, logical_id: &str) -> Context {
    Context {
        logical_id: logical_id.to_owned(),
        stack_name: Some("stack".to_owned()),
        tags: vec![("team".to_owned(), "blue".to_owned())],
        ..Context::new(Scope::new("eu-central-1"), type_name)
    }
}

/// Puts ids and attributes in the place of `${Name}` and `${Name.Attribute}`.
fn filled(value: &Value, made: &BTreeMap<String, Resource>) -> Value {
    let mut text = value.to_string();
    for (name, resource) in made {
        text = text.replace(&format!("${{{name}}}"), &resource.physical_id);
        for (attribute, value) in &resource.attributes {
            let value = value.as_str().unwrap_or_default();
            text = text.replace(&format!("${{{name}.{attribute}}}"), value);
        }
    }
    serde_json::from_str(&text).unwrap()
}

fn check(pattern: &str, text: &str, what: &str) -> Result<(), String> {
    let matches = regex::Regex::new(&format!("^{pattern}$"))
        .unwrap()
        .is_match(text);
    matches
        .then_some(())
        .ok_or(format!("{what} is {text:?}, not {pattern}"))
}

fn readable(schema: &Schema, mut declared: Value) -> Value {
    let members = declared.as_object_mut().unwrap();
    members.retain(|name, _| {
        !schema
            .write_only()
            .iter()
            .any(|path| path.split('/').next() == Some(name))
    });
    declared
}

/// The path of the first difference between what was declared and what is live. As in drift
/// detection, properties that were never declared do not count, what was added inside of declared
/// ones does.
fn missing(declared: &Value, live: &Value) -> Option<String> {
    let (Value::Object(wanted), Value::Object(found)) = (declared, live) else {
        return Some(String::new());
    };
    wanted.iter().find_map(|(name, value)| {
        let inner = difference(value, found.get(name).unwrap_or(&Value::Null))?;
        Some(format!("/{name}{inner}"))
    })
}

fn difference(declared: &Value, live: &Value) -> Option<String> {
    match (declared, live) {
        (Value::Object(wanted), Value::Object(found)) => {
            let added = found
                .iter()
                .find(|(name, value)| !wanted.contains_key(*name) && !says_nothing(value));
            missing(declared, live).or(added.map(|(name, _)| format!("/{name} (added)")))
        }
        (Value::Array(wanted), Value::Array(found)) => {
            let there = |one: &Value| found.iter().any(|other| difference(one, other).is_none());
            match wanted.iter().position(|one| !there(one)) {
                Some(index) => Some(format!("/{index}")),
                None if wanted.len() != found.len() => Some(" (length)".to_owned()),
                None => None,
            }
        }
        (one, other) if one == other => None,
        _ => Some(String::new()),
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(says_nothing),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[test]
fn lists_and_objects_are_compared_as_drift_does() {
    let live = json!({"a": {"b": 1, "c": []}, "more": true, "tags": [{"k": 1}, {"k": 2}]});
    let cases = [
        (json!({}), None),
        (json!({"tags": [{"k": 2}, {"k": 1}], "a": {"b": 1}}), None),
        (json!({"tags": [{"k": 2}]}), Some("/tags (length)")),
        (json!({"a": {"b": 2}}), Some("/a/b")),
        (json!({"a": {}}), Some("/a/b (added)")),
        (json!({"other": 1}), Some("/other")),
    ];
    for (declared, path) in cases {
        assert_eq!(missing(&declared, &live).as_deref(), path, "{declared}");
    }
}
