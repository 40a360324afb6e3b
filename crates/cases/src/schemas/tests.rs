//! The schemas say what the parsers accept.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

use super::*;
use crate::case::{Case, Settings};
use crate::run::{Options, Run};
use crate::workflow::Workflow;
use crate::world::World;

struct Schema(Schemas, SchemaIndex);

impl Schema {
    fn of(text: &str) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.enable_format_assertions();
        let value = serde_json::from_str(text).unwrap();
        compiler.add_resource("x.json", value).unwrap();
        let index = compiler.compile("x.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn fault(&self, value: &Value) -> Option<String> {
        let found = self.0.validate(value, self.1);
        found.err().map(|error| error.to_string())
    }
}

/// Values that may or may not fit anywhere.
fn others() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(1),
        json!(-1),
        json!(1e9),
        json!(""),
        json!("x"),
        json!("EXPRESS"),
        json!([]),
        json!([1, 2.5]),
        json!(["x"]),
        json!({}),
        json!({"x": {}}),
        json!({"0": {"Return": 1}}),
        json!({"0-2": {"Never": true}}),
        json!({"+1": {"Return": 1}}),
        json!({"1-": {"Return": 1}}),
        json!({"1234567890": {"Return": 1}}),
        json!({"Error": "E"}),
        json!({"Error": "", "Cause": "c"}),
        json!({"Error": "E", "Cause": "c"}),
        json!({"Items": [1]}),
        json!({"Items": [1], "Throw": {"Error": "E"}}),
    ]
}

/// The document with one place in it changed, removed or added, for every place.
fn changed(document: &Value, names: &[&str]) -> Vec<Value> {
    let mut all = others();
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                for change in changed(value, names) {
                    let mut copy = members.clone();
                    copy.insert(key.clone(), change);
                    all.push(copy.into());
                }
                let mut copy = members.clone();
                copy.remove(key);
                all.push(copy.into());
            }
            for name in names {
                for value in others() {
                    let mut copy = members.clone();
                    copy.insert((*name).to_owned(), value);
                    all.push(copy.into());
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for change in changed(item, names) {
                    let mut copy = items.clone();
                    copy[at] = change;
                    all.push(copy.into());
                }
            }
        }
        _ => {}
    }
    all
}

fn same(schema: &str, whole: &Value, names: &[&str], parser: impl Fn(&Value) -> Option<String>) {
    let schema = Schema::of(schema);
    let (mut accepted, mut refused) = (0, 0);
    for document in std::iter::once(whole.clone()).chain(changed(whole, names)) {
        let (by_parser, by_schema) = (parser(&document), schema.fault(&document));
        assert_eq!(
            by_parser.is_some(),
            by_schema.is_some(),
            "{document:#}\nthe parser: {by_parser:?}\nthe schema: {by_schema:?}"
        );
        if by_parser.is_none() {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(accepted > 20 && refused > 50, "{accepted} {refused}");
}

#[test]
fn of_settings() {
    let whole = json!({
        "$schema": "case.schema.json",
        "description": "d",
        "state": "S",
        "variables": {"a": 1},
        "name": "n",
        "startedAt": "2026-11-22T10:00:00Z",
        "type": "STANDARD",
        "checkResults": false,
    });
    same(CASE, &whole, &["nmae", "$schema"], |document| {
        Settings::parse(&document.to_string()).err()
    });
}

#[test]
fn of_worlds() {
    let whole = json!({
        "$schema": "world.schema.json",
        "Ask": {
            "0": {"Return": {"a": 1}, "After": 1.5, "HeartbeatsAfter": [1, 2], "Submitted": {}},
            "1-3": {"Throw": {"Error": "E", "Cause": "c"}},
            "4": {"Never": true},
        },
        "Each": {"Items": [1, 2]},
        "Other": {"Throw": {"Error": "E"}},
    });
    let names = ["Return", "Throw", "Never", "After", "Items", "x", "$schema"];
    same(WORLD, &whole, &names, |document| {
        World::parse(document).err().map(|faults| faults.join("; "))
    });
}

#[test]
fn of_expectations() {
    let schema = Schema::of(EXPECTED);
    let suites = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suites");
    let (suites, faults) = crate::find(&[suites]);
    assert!(faults.is_empty(), "{faults:#?}");
    let play = |workflow: &Workflow, case: &Case| {
        let run = Run::of(workflow, case, Options::default()).unwrap();
        assert_eq!(schema.fault(&run.result), None, "{}", run.path.display());
    };
    let mut played = 0;
    for suite in &suites {
        for case in &suite.cases {
            play(&suite.workflow, case);
            played += 1;
        }
    }
    assert!(played > 3, "{played}");
}
