//! `examples/*.json` against `input.schema.json`, both beside the definition.

use std::path::Path;

use boon::{Compiler, Schemas, ValidationError};
use document::Kind;

use super::source::{Document, File};
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
        .filter_map(|file| parsed(&file, checked))
        .collect();
    let Some(schema) = schema else {
        return;
    };
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    let name = "input.schema.json";
    let compiled = match compiler.add_resource(name, schema.root.to_value()) {
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
    for example in examples {
        if let Err(error) = schemas.validate(&example.root.to_value(), compiled) {
            faults(&example, &error, checked);
        }
    }
}

/// The leaves of the tree of faults; what stands above them says only where they are.
fn faults(example: &Document, error: &ValidationError<'_, '_>, checked: &mut Checked) {
    if error.causes.is_empty() {
        let pointer = error.instance_location.to_string();
        let place = pointer.replace("~1", "/").replace("~0", "~");
        let node = example.nearest(&place);
        // Of what misses something, its beginning says enough.
        let span = match node.kind {
            Kind::Object(_) | Kind::Array(_) => node.span.start..node.span.start + 1,
            _ => node.span.clone(),
        };
        let finding = example.file.error(span, "INPUT", error.kind.to_string());
        checked.findings.push(finding.at(pointer));
    }
    for cause in &error.causes {
        faults(example, cause, checked);
    }
}

fn parsed(file: &Path, checked: &mut Checked) -> Option<Document> {
    checked.beside += 1;
    File::read(file, checked)?.json(checked)
}
