//! The official JSONata test suite, in the version that AWS documents and in the newest one, on the
//! engine that runs our expressions. The data lies outside the repository, as for `recorded.rs`.
//!
//! Expressions of the suite read a context item, which a state's expressions do not have, so the
//! engine is driven directly. What Step Functions adds and refuses is tested where it is made.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[expect(
    dead_code,
    reason = "only the list of known differences is needed here"
)]
mod replay;

use std::path::{Path, PathBuf};

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use replay::known::Known;
use serde_json::Value;

/// What an expression comes to.
enum Outcome {
    Value(Value),
    Undefined,
    /// With a message that holds a code.
    Failed(String),
}

fn run(case: &Value, datasets: &Path, group: &Path) -> Outcome {
    let expression = match case["expr-file"].as_str() {
        Some(file) => std::fs::read_to_string(group.join(file)).unwrap(),
        None => case["expr"].as_str().unwrap_or_default().to_owned(),
    };
    let data = match (case.get("data"), case["dataset"].as_str()) {
        (Some(data), _) => JValue::from(data.clone()),
        (None, Some(name)) => {
            let text = std::fs::read_to_string(datasets.join(format!("{name}.json"))).unwrap();
            JValue::from_json_str(&text).unwrap()
        }
        (None, None) => JValue::Undefined,
    };
    let tree = match parser::parse(&expression) {
        Ok(tree) => tree,
        Err(error) => return Outcome::Failed(error.display_message()),
    };
    let mut context = Context::new();
    for (name, value) in case["bindings"].as_object().into_iter().flatten() {
        context.bind(name.clone(), JValue::from(value.clone()));
    }
    let options = EvaluatorOptions {
        timeout_ms: case["timelimit"].as_u64(),
        max_stack_depth: case["depth"]
            .as_u64()
            .and_then(|depth| usize::try_from(depth).ok()),
        ..EvaluatorOptions::default()
    };
    match Evaluator::with_options(context, options).evaluate(&tree, &data) {
        Ok(value) if value.is_undefined() => Outcome::Undefined,
        Ok(value) => Outcome::Value(
            value
                .to_json_string()
                .ok()
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
        ),
        Err(error) => Outcome::Failed(error.message().to_owned()),
    }
}

/// Numbers by value: `1.0` is `1`.
fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => expected == actual,
    }
}

fn in_any_order(expected: &Value, actual: &Value) -> bool {
    match (expected.as_array(), actual.as_array()) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same(a, b))),
        _ => same(expected, actual),
    }
}

fn agrees(case: &Value, outcome: &Outcome) -> bool {
    let code = case["code"].as_str().or(case["error"]["code"].as_str());
    match (outcome, code) {
        (Outcome::Failed(message), Some(code)) => message.contains(code),
        (Outcome::Failed(_), None) | (_, Some(_)) => false,
        (Outcome::Undefined, None) => case["undefinedResult"] == true,
        (Outcome::Value(value), None) => match case.get("result") {
            Some(expected) if case["unordered"] == true => in_any_order(expected, value),
            Some(expected) => same(expected, value),
            None => false,
        },
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the tally is what the test is read for"
)]
fn suite() {
    let known = Known::read("jsonata");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = workspace.join(shared).join("conformance/jsonata");
    if !folder.join("index.json").exists() {
        println!("jsonata: skipped, there is no conformance/jsonata in FOOTWORK_SHARED");
        return;
    }
    let (mut passed, mut differ) = (Vec::new(), Vec::new());
    for version in ["2.0.6", "2.2.2"] {
        let before = (passed.len(), differ.len());
        let datasets = folder.join(version).join("datasets");
        for group in files(&folder.join(version).join("groups")) {
            for file in files(&group) {
                if file.extension().is_none_or(|extension| extension != "json") {
                    continue;
                }
                let place = file.strip_prefix(group.parent().unwrap()).unwrap();
                let id = format!("{version} {}", place.display());
                let text = std::fs::read_to_string(&file).unwrap();
                let cases = match serde_json::from_str(&text) {
                    Ok(Value::Array(cases)) => cases,
                    Ok(case) => vec![case],
                    Err(error) => {
                        println!("differs: {id} cannot be read: {error}");
                        differ.push(id);
                        continue;
                    }
                };
                for (index, case) in cases.iter().enumerate() {
                    let id = match cases.len() {
                        1 => id.clone(),
                        _ => format!("{id}[{index}]"),
                    };
                    let outcome = run(case, &datasets, &group);
                    if agrees(case, &outcome) {
                        passed.push(id);
                        continue;
                    }
                    let shown = match outcome {
                        Outcome::Value(value) => value.to_string(),
                        Outcome::Undefined => "undefined".to_owned(),
                        Outcome::Failed(message) => message,
                    };
                    let shown: String = shown.chars().take(150).collect();
                    println!("differs: {id} {}: {shown}", case["expr"]);
                    differ.push(id);
                }
            }
        }
        let (good, bad) = (passed.len() - before.0, differ.len() - before.1);
        println!("jsonata {version}: {good}/{}", good + bad);
    }
    known.hold_against(&passed, &differ);
}
