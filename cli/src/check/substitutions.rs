//! `${Name}` in a definition, and `DefinitionSubstitutions` of the template beside it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::{Checked, Finding, Source, Weight};
use crate::project;
use crate::yaml::Node;

/// Compares both; without a template nothing can be said.
pub(super) fn check(definition: &Path, text: &str, checked: &mut Checked) {
    let Some(template) = project::template_of(definition) else {
        return;
    };
    checked.beside += 1;
    let Some(template_text) = checked.read(&template) else {
        return;
    };
    let document = match Node::parse(&template_text) {
        Ok(document) => document,
        Err(fault) => {
            let finding = Finding::of_file(&template, "TEMPLATE", fault);
            return checked.findings.push(finding);
        }
    };
    let Some(defined) = defined(&document, definition) else {
        return;
    };
    let used = used(text);
    for (name, span) in &used {
        if !defined.iter().any(|(known, _)| known == name) {
            let names: Vec<_> = defined.iter().map(|(name, _)| name.as_str()).collect();
            checked.findings.push(Finding {
                file: definition.to_owned(),
                code: "UNDEFINED_SUBSTITUTION".to_owned(),
                weight: Weight::Error,
                message: format!("nothing defines `${{{name}}}`"),
                help: Some(format!(
                    "DefinitionSubstitutions of {} has {}",
                    template.display(),
                    names.join(", ")
                )),
                pointer: None,
                source: Some(Source {
                    text: text.into(),
                    span: span.clone(),
                }),
            });
        }
    }
    let used: BTreeSet<_> = used.iter().map(|(name, _)| name.as_str()).collect();
    let whole: Arc<str> = template_text.as_str().into();
    for (name, span) in defined {
        if !used.contains(name.as_str()) {
            checked.findings.push(Finding {
                file: template.clone(),
                code: "UNUSED_SUBSTITUTION".to_owned(),
                weight: Weight::Warning,
                message: format!("the definition has no `${{{name}}}`"),
                help: Some("leave it out of DefinitionSubstitutions".to_owned()),
                pointer: None,
                source: Some(Source {
                    text: Arc::clone(&whole),
                    span,
                }),
            });
        }
    }
}

/// The substitutions of the state machine that names this definition; nothing if none does.
fn defined(template: &Node, definition: &Path) -> Option<Vec<(String, Range<usize>)>> {
    let file = definition.file_name()?.to_str()?;
    let machines = template.get("Resources")?.entries().iter();
    let mut machines = machines.filter_map(|(_, resource)| {
        let properties = resource.get("Properties")?;
        let named = ["DefinitionS3Location", "DefinitionUri"]
            .iter()
            .find_map(|name| properties.get(name)?.text())?;
        named.ends_with(file).then_some(properties)
    });
    let defined = machines.next()?.get("DefinitionSubstitutions");
    let defined = defined.map(Node::entries).unwrap_or_default();
    let defined = defined.iter();
    Some(
        defined
            .map(|(name, value)| (name.clone(), value.span.clone()))
            .collect(),
    )
}

/// Every `${Name}` with its place. What else follows `${` is JSONata's.
fn used(text: &str) -> Vec<(String, Range<usize>)> {
    let mut used = Vec::new();
    for (at, _) in text.match_indices("${") {
        let rest = text.get(at + 2..).unwrap_or_default();
        let Some((name, _)) = rest.split_once('}') else {
            continue;
        };
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric());
        if is_name {
            used.push((name.to_owned(), at..at + name.len() + 3));
        }
    }
    used
}
