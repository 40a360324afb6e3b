//! `examples/*.json` against `input.schema.json`, both beside the definition.

use std::path::Path;

use boon::{Compiler, Schemas};
use serde_json::Value;

use super::{Checked, Finding};
use crate::project;

pub(super) fn check(definition: &Path, checked: &mut Checked) {
    let folder = definition.parent().unwrap_or(Path::new("."));
    let schema_file = folder.join("input.schema.json");
    let schema = schema_file
        .is_file()
        .then(|| parsed(&schema_file, checked))
        .flatten();
    let examples: Vec<_> = project::files(&folder.join("examples"), ".json")
        .into_iter()
        .filter_map(|file| parsed(&file, checked).map(|value| (file, value)))
        .collect();
    let Some(schema) = schema else {
        return;
    };
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    let name = "input.schema.json";
    let compiled = match compiler.add_resource(name, schema) {
        Ok(()) => compiler.compile(name, &mut schemas),
        Err(error) => Err(error),
    };
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(error) => {
            let finding = Finding::of_file(&schema_file, "SCHEMA", error.to_string());
            return checked.findings.push(finding);
        }
    };
    for (file, value) in examples {
        if let Err(error) = schemas.validate(&value, compiled) {
            let finding = Finding::of_file(&file, "INPUT", error.to_string());
            checked.findings.push(finding);
        }
    }
}

fn parsed(file: &Path, checked: &mut Checked) -> Option<Value> {
    checked.beside += 1;
    let text = checked.read(file)?;
    match serde_json::from_str(&text) {
        Ok(value) => Some(value),
        Err(error) => {
            let finding = Finding::of_file(file, "JSON", error.to_string());
            checked.findings.push(finding);
            None
        }
    }
}
