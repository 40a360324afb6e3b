//! The comparison: what a recording's placeholders stand for.

use std::collections::BTreeSet;
use std::io;
use std::sync::LazyLock;

use super::eras;
use regex::Regex;
use serde::Serialize;
use serde_json::{Map, Value, json};

const TOKEN: &str = r#"<(?:<[^<>\s"]{1,60}>|[^<>\s"]){1,80}>"#;
static TOKENS: LazyLock<Regex> = LazyLock::new(|| Regex::new(TOKEN).unwrap());
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)").unwrap()
});

pub(super) fn compare(vector: &Value, run: &Value) -> Vec<String> {
    let expected = &vector["expected"];
    let wild = wildcards(vector);
    let mut bad = Vec::new();
    let incomplete = vector["history_incomplete"] == true;
    for key in ["status", "output", "error", "cause"] {
        if let Some(recorded) = expected.get(key).filter(|_| !incomplete) {
            let mut actual = normalise(json!({ key: run[key] }), vector);
            eras::value_as_then(vector, &mut actual);
            bad.extend(differences(vector, &json!({ key: recorded }), &actual));
        }
    }
    let Some(recorded) = expected["events"].as_array() else {
        return bad;
    };
    let actual = normalise(json!({ "events": run["events"] }), vector);
    let mut actual = actual["events"].as_array().cloned().unwrap_or_default();
    eras::as_then(vector, &mut actual);
    if special(vector, "SfnNoneRecursiveParallelTransformer") {
        actual = flatten_parallel(actual);
    }
    if incomplete {
        actual.truncate(recorded.len());
    }
    if actual.len() != recorded.len() {
        let types: Vec<&str> = actual
            .iter()
            .filter_map(|event| event["type"].as_str())
            .collect();
        bad.push(format!(
            "{} events, recorded {}: {types:?}",
            actual.len(),
            recorded.len()
        ));
    }
    for (index, (recorded, actual)) in recorded.iter().zip(&actual).enumerate() {
        let (mut recorded, mut actual) = (recorded.clone(), actual.clone());
        for event in [&mut recorded, &mut actual] {
            if let Some(event) = event.as_object_mut() {
                event.remove("timestamp");
            }
        }
        differ(
            &recorded,
            &actual,
            &wild,
            &format!("/events/{index}"),
            &mut bad,
        );
    }
    bad
}

/// How a value differs from what was recorded, given that placeholders stand for anything.
pub(crate) fn differences(vector: &Value, recorded: &Value, actual: &Value) -> Vec<String> {
    let mut bad = Vec::new();
    differ(recorded, actual, &wildcards(vector), "", &mut bad);
    bad
}

fn special(vector: &Value, name: &str) -> bool {
    let special = vector["normalisation"]["special"].as_array();
    special.is_some_and(|list| list.contains(&json!(name)))
}

fn wildcards(vector: &Value) -> BTreeSet<String> {
    let own = vector["normalisation"]["wildcards"]
        .as_array()
        .into_iter()
        .flatten();
    let always = [
        "timestamp",
        "date",
        "datetime",
        "<datetime>",
        "RequestId",
        "X-Amzn-Trace-Id",
        "x-amz-crc32",
        "x-amzn-RequestId",
        "x-amzn-requestid",
    ];
    let own = own.filter_map(Value::as_str);
    own.chain(always).map(str::to_owned).collect()
}

/// Writes JSON with Python's separators, which some of the patterns expect.
struct Python;

impl serde_json::ser::Formatter for Python {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        w.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        w.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
}

fn python(value: &Value) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Python);
    value.serialize(&mut serializer).unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) fn normalise(mut value: Value, vector: &Value) -> Value {
    parse_objects(&mut value);
    let mut text = python(&value);
    let rules = &vector["normalisation"];
    let pair = |rule: &Value| {
        (
            rule[0].as_str().unwrap_or_default().to_owned(),
            rule[1].as_str().unwrap_or_default().to_owned(),
        )
    };
    for (from, to) in rules["substitutions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(pair)
    {
        text = text.replace(&from, &to);
    }
    for (pattern, to) in rules["patterns"].as_array().into_iter().flatten().map(pair) {
        // Look-behind is not supported; only answers of services need it.
        if let Ok(pattern) = Regex::new(&pattern) {
            text = pattern
                .replace_all(&text, regex::NoExpand(&to))
                .into_owned();
        }
    }
    let mut value: Value = serde_json::from_str(&text).unwrap_or(value);
    if special(vector, "GenericTransformer") {
        parse_outputs(&mut value);
    }
    value
}

/// Strings that start with `{` were parsed, once.
fn parse_objects(value: &mut Value) {
    if let Value::Object(map) = value {
        for (_, member) in map.iter_mut() {
            let text = member.as_str().filter(|text| text.starts_with('{'));
            if let Some(parsed) = text.and_then(|text| serde_json::from_str(text).ok()) {
                *member = parsed;
            } else if let Value::Array(items) = member {
                items
                    .iter_mut()
                    .filter(|item| item.is_object())
                    .for_each(parse_objects);
            } else {
                parse_objects(member);
            }
        }
    }
}

fn parse_outputs(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, member) in map.iter_mut() {
                let text = member.as_str().filter(|_| key == "output");
                match text.and_then(|text| serde_json::from_str(text).ok()) {
                    Some(parsed) => *member = parsed,
                    None => parse_outputs(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(parse_outputs),
        _ => {}
    }
}

/// Within a Parallel state the recordings have no ids, and an order of their own; events between
/// two closing ones are lost.
fn flatten_parallel(mut events: Vec<Value>) -> Vec<Value> {
    let mut start: Option<usize> = None;
    let mut is_inside = false;
    let mut inside: Vec<Value> = Vec::new();
    let mut index = 0;
    while index < events.len() {
        match events[index]["type"].as_str().unwrap_or_default() {
            "ParallelStateSucceeded"
            | "ParallelStateAborted"
            | "ParallelStateExited"
            | "ParallelStateFailed" => {
                if let Some(start) = start {
                    inside.sort_by_key(|event| sorted_keys(event, 2).to_string());
                    let before = events.len();
                    events.splice(start..index, inside.iter().cloned());
                    index = index + events.len() - before;
                }
                is_inside = false;
            }
            "ParallelStateStarted" => {
                is_inside = true;
                inside.clear();
                start = Some(index + 1);
            }
            _ if is_inside => {
                events[index]["id"] = json!([0]);
                events[index]["previousEventId"] = json!(0);
                inside.push(events[index].clone());
            }
            _ => {}
        }
        index += 1;
    }
    events
}

fn sorted_keys(value: &Value, levels: usize) -> Value {
    match value {
        Value::Object(map) if levels > 0 => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            let members = keys
                .into_iter()
                .map(|key| (key.clone(), sorted_keys(&map[key], levels - 1)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn differ(
    recorded: &Value,
    actual: &Value,
    wild: &BTreeSet<String>,
    path: &str,
    bad: &mut Vec<String>,
) {
    match (recorded, actual) {
        (Value::Object(a), Value::Object(b)) => {
            let (left, right): (BTreeSet<_>, BTreeSet<_>) =
                (a.keys().collect(), b.keys().collect());
            if left != right {
                let odd: Vec<_> = left.symmetric_difference(&right).collect();
                bad.push(format!("{path}: keys {odd:?}"));
                return;
            }
            for (key, value) in a {
                let stamp = key.to_lowercase().contains("timestamp");
                if !(stamp && matches!(value.as_str(), Some("timestamp" | "date"))) {
                    differ(value, &b[key], wild, &format!("{path}/{key}"), bad);
                }
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                bad.push(format!("{path}: length {} vs {}", a.len(), b.len()));
                return;
            }
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differ(a, b, wild, &format!("{path}/{index}"), bad);
            }
        }
        _ if same(recorded, actual, wild) => {}
        (Value::String(a), Value::String(b)) if TOKENS.is_match(a) && is_list(a) && is_list(b) => {
            // Whoever put the placeholders in wrote the text anew.
            let parse = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
            differ(&parse(a), &parse(b), wild, path, bad);
        }
        _ => {
            let show = |value: &Value| value.to_string().chars().take(220).collect::<String>();
            bad.push(format!("{path}: {} vs {}", show(recorded), show(actual)));
        }
    }
}

fn is_list(text: &str) -> bool {
    serde_json::from_str::<Vec<Value>>(text).is_ok()
}

fn same(recorded: &Value, actual: &Value, wild: &BTreeSet<String>) -> bool {
    if recorded == actual {
        return true;
    }
    if let (Value::Number(a), Value::Number(b)) = (recorded, actual) {
        return a.as_f64() == b.as_f64();
    }
    let Some(text) = recorded.as_str() else {
        return false;
    };
    if wild.contains(text) {
        return true;
    }
    let Some(actual) = actual.as_str() else {
        return false;
    };
    let actual = ISO.replace_all(actual, "date");
    if actual == text {
        return true;
    }
    if !TOKENS.is_match(text) {
        return false;
    }
    let mut pattern = String::from("(?s)^");
    let mut at = 0;
    for token in TOKENS.find_iter(text) {
        pattern.push_str(&regex::escape(&text[at..token.start()]));
        pattern.push_str(".+");
        at = token.end();
    }
    pattern.push_str(&regex::escape(&text[at..]));
    pattern.push('$');
    Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(&actual))
}
