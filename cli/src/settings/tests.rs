//! What the parser accepts, and that the schema says the same.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

use super::*;

const WHOLE: &str = r#"
name = "nightly"
workflow = "drift-detection"
definition = "machine.asl.json"
template = "stack.yaml"
findings = "/drifted"
holes = ["/failed", "/coverage/failed"]

[parameters]
Schedule = "rate(1 day)"
LogRetentionDays = 7
Share = 0.5
Loud = true
Subnets = ["a", "b"]

[tags]
team = "platform"

[environments.production]
name = "nightly-production"
profile = "prod"
region = "eu-central-1"
parameters = { LogRetentionDays = 365 }
tags = { team = "ops", stage = "production" }

[environments.empty]
"#;

#[test]
fn an_environment_is_put_over_the_rest() {
    let settings = Settings::parse(WHOLE).unwrap();
    assert_eq!(settings.parameters["Subnets"], "a,b");
    assert_eq!(settings.parameters["Share"], "0.5");
    let (there, place) = settings.clone().at("production").unwrap();
    assert_eq!(there.name.as_deref(), Some("nightly-production"));
    assert_eq!(there.parameters["LogRetentionDays"], "365");
    assert_eq!(there.parameters["Schedule"], "rate(1 day)");
    assert_eq!(there.tags["team"], "ops");
    assert_eq!(place.region.as_deref(), Some("eu-central-1"));
    let help = settings.at("staging").unwrap_err().help.join(" ");
    assert!(help.contains("empty, production"), "{help}");
}

#[test]
fn every_fault_is_listed() {
    let text = "nam = \"x\"\nholes = [\"failed\"]\n[tags]\n\"aws:x\" = \"1\"\n[parameters]\nA = [[1]]\n\
        [environments.a]\nregoin = \"x\"\nname = \"a b\"\n[environments]\nb = 1\n";
    assert!(Settings::parse(text).is_err(), "a table twice is not TOML");
    let text = text.replace("[environments]\nb = 1\n", "");
    let faults = Settings::parse(&text).unwrap_err();
    assert_eq!(faults.len(), 6, "{faults:#?}");
    let all = faults.join("\n");
    assert!(all.contains("did you mean `name`"), "{all}");
    assert!(
        all.contains("`environments.a.regoin` is not known; did you mean `region`?"),
        "{all}"
    );
}

fn schema() -> (Schemas, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let text = serde_json::from_str(SCHEMA).unwrap();
    compiler.add_resource("config.json", text).unwrap();
    let index = compiler.compile("config.json", &mut schemas).unwrap();
    (schemas, index)
}

/// The same document with one place in it changed, for every place and many changes.
fn changed(document: &Value) -> Vec<Value> {
    let others = [
        json!(""),
        json!("a b"),
        json!("/a"),
        json!("a/b"),
        json!(1),
        json!(1.5),
        json!(true),
        json!([]),
        json!(["/a"]),
        json!([[1]]),
        json!({}),
        json!({"x": "y"}),
        json!({"x": {"y": "z"}}),
        json!({"aws:x": "y"}),
        json!({"footwork:x": "y"}),
        json!({"": "y"}),
    ];
    let mut all: Vec<_> = others.to_vec();
    let members: Vec<(String, Value)> = match document {
        Value::Object(members) => members.clone().into_iter().collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item.clone()))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in members {
        for change in changed(&value) {
            let mut copy = document.clone();
            *copy.pointer_mut(&format!("/{key}")).unwrap() = change;
            all.push(copy);
        }
    }
    if let Value::Object(members) = document {
        for key in ["nmae", "name", "tags", "parameters", "profile", "x"] {
            for value in &others {
                let mut copy = members.clone();
                copy.insert(key.to_owned(), value.clone());
                all.push(copy.into());
            }
        }
    }
    all
}

#[test]
fn the_schema_accepts_what_the_parser_accepts() {
    let (schemas, index) = schema();
    let table: toml::Table = WHOLE.parse().unwrap();
    let whole = serde_json::to_value(&table).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for document in std::iter::once(whole.clone()).chain(changed(&whole)) {
        let Ok(table) = toml::Table::try_from(&document) else {
            continue;
        };
        let mut faults = Vec::new();
        Settings::from(Reader::new("", table, &mut faults));
        let by_schema = schemas.validate(&document, index);
        assert_eq!(
            by_schema.is_ok(),
            faults.is_empty(),
            "{document:#}\nthe parser says {faults:?}\nthe schema says {:?}",
            by_schema.err().map(|error| error.to_string())
        );
        if faults.is_empty() {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(accepted > 50 && refused > 100, "{accepted} {refused}");
}
