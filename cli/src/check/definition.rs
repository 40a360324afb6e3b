//! The definition itself: the language, and the parameters of the APIs that it calls.

use std::path::Path;
use std::sync::Arc;

use asl::{Diagnostic, Kind, Severity, StateMachine};

use super::source::{Document, File};
use super::{Checked, Finding, Source, Weight};
use crate::definition;

/// Bytes of a definition that AWS takes.
const MOST: usize = 1 << 20;

/// Everything that is to be said about a definition.
pub(super) fn check(path: &Path, kind: Kind, checked: &mut Checked) -> Option<Document> {
    let mut file = File::read(path, checked)?;
    let yaml = definition::is_yaml(path);
    if yaml {
        file = file.without_mark();
    }
    let root = match definition::document(&file.text, yaml) {
        Ok(root) => root,
        Err(fault) => {
            let span = file.one(fault.at);
            let finding = file.error(span, "INVALID_JSON_DESCRIPTION", fault.message);
            checked.findings.push(finding);
            return None;
        }
    };
    // YAML is turned into JSON before AWS sees it.
    let is_long = file.text.len() > MOST && (!yaml || root.to_value().to_string().len() > MOST);
    if is_long {
        let message = format!("Definition must not be longer than {MOST} bytes");
        let finding = file.error(0..0, "SCHEMA_VALIDATION_FAILED", message);
        checked.findings.push(finding);
    }
    let (machine, mut diagnostics) = StateMachine::parse_document(&root, integrations::apis());
    if let Some(machine) = machine {
        diagnostics.extend(machine.check_kind(kind));
    }
    for diagnostic in diagnostics {
        let finding = finding(&file, diagnostic);
        checked.findings.push(finding);
    }
    Some(Document { file, root })
}

fn finding(file: &File, diagnostic: Diagnostic) -> Finding {
    let weight = match diagnostic.severity {
        Severity::Error => Weight::Error,
        Severity::Warning => Weight::Warning,
    };
    Finding {
        file: file.path.clone(),
        code: diagnostic.code.to_owned(),
        weight,
        message: diagnostic.message,
        help: diagnostic.help,
        pointer: diagnostic.pointer,
        source: Some(Source {
            text: Arc::clone(&file.text),
            span: diagnostic.span,
        }),
    }
}
