//! Runs the cases beside this file: a folder a case, with `template.yaml` (or `.json`), perhaps
//! `parameters.json`, and `expected.json`: what is resolved, or the faults.
//!
//! `UPDATE_EXPECT=1` rewrites the expectations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::Scope;

/// Resources and exports that tell what they were asked.
struct Echo;

impl Lookup for Echo {
    fn reference(&self, resource: &str) -> Result<Value, String> {
        Ok(json!(format!("<{resource}>")))
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, String> {
        Ok(json!(format!("<{resource}.{attribute}>")))
    }

    fn export(&self, name: &str) -> Result<Value, String> {
        match name {
            "missing" => Err(format!("No export named {name} found")),
            name => Ok(json!(format!("<export {name}>"))),
        }
    }
}

fn run(text: &str, given: &BTreeMap<String, Given>) -> Result<Value, Faults> {
    let template = Template::parse(text)?;
    let parameters = decide_parameters(&template, given, &BTreeMap::new())?;
    let world = World {
        scope: Scope::new("eu-central-1"),
        stack_name: "case".to_owned(),
        stack_id: "arn:aws:cloudformation:eu-central-1:000000000000:stack/case/1".to_owned(),
        notification_arns: Vec::new(),
    };
    let instance = Instance::new(&template, &parameters, world)?;
    let resolver = instance.resolver(&Echo);
    let mut resources = Map::new();
    for (name, resource) in &instance.resources {
        let properties = resolver.object(&resource.properties).map_err(Faults::one)?;
        let mut shown = Map::from_iter([("Properties".to_owned(), Value::Object(properties))]);
        let needs = instance.dependencies.get(name).into_iter().flatten();
        let needs: Vec<&str> = needs.map(String::as_str).collect();
        if !needs.is_empty() {
            shown.insert("After".to_owned(), json!(needs));
        }
        resources.insert(name.clone(), Value::Object(shown));
    }
    let mut outputs = Map::new();
    for (name, output) in &instance.outputs {
        let value = resolver.value(&output.value).map_err(Faults::one)?;
        outputs.insert(name.clone(), value.unwrap_or_default());
        if let Some(export) = &output.export {
            let export = resolver.value(export).map_err(Faults::one)?;
            outputs.insert(format!("{name} exported as"), export.unwrap_or_default());
        }
    }
    Ok(json!({"Resources": resources, "Outputs": outputs}))
}

fn case(folder: &Path) -> Value {
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let text = read("template.yaml")
        .or_else(|_| read("template.json"))
        .unwrap();
    let given: BTreeMap<String, String> = match read("parameters.json") {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => BTreeMap::new(),
    };
    let given = given
        .into_iter()
        .map(|(name, value)| (name, Given::Value(value)));
    match run(&text, &given.collect()) {
        Ok(resolved) => resolved,
        Err(faults) => json!({"Faults": faults.0}),
    }
}

#[test]
fn every_case_gives_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cloudformation/template/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 5, "the cases are gone");
    for folder in folders {
        let found = case(&folder);
        let path = folder.join("expected.json");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
            fs::write(&path, text).unwrap();
        }
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let name = folder.file_name().unwrap().display();
        assert_eq!(found, expected, "case {name}: found {found:#}");
    }
}
