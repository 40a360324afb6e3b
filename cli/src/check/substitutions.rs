//! `${Name}` in a definition, and `DefinitionSubstitutions` of the template beside it.

use std::collections::BTreeSet;
use std::ops::Range;

use document::Node;

use super::Checked;
use super::linked::Linked;
use super::source::Document;
use crate::ui::suggest;

/// Compares both.
pub(super) fn check(definition: &Document, linked: &Linked<'_>, checked: &mut Checked) {
    let defined = linked.property("DefinitionSubstitutions");
    let defined = defined.map(Node::members).unwrap_or_default();
    let used = used(&definition.file.text);
    for (name, span) in &used {
        if defined.iter().any(|known| known.key == *name) {
            continue;
        }
        let names = defined.iter().map(|known| known.key.as_str());
        let help = match suggest(name, names.clone()) {
            Some(near) => format!("did you mean `${{{near}}}`?"),
            None => format!(
                "DefinitionSubstitutions of {} has {}",
                linked.template.file.path.display(),
                match names.collect::<Vec<_>>().join(", ") {
                    none if none.is_empty() => "none".to_owned(),
                    names => names,
                }
            ),
        };
        let message = format!("nothing defines `${{{name}}}`");
        let finding = definition
            .file
            .error(span.clone(), "UNDEFINED_SUBSTITUTION", message);
        checked.findings.push(finding.help(help));
    }
    let used: BTreeSet<_> = used.iter().map(|(name, _)| name.as_str()).collect();
    for member in defined {
        if !used.contains(member.key.as_str()) {
            let message = format!("the definition has no `${{{}}}`", member.key);
            let span = member.key_span.clone();
            let finding = linked
                .template
                .file
                .warning(span, "UNUSED_SUBSTITUTION", message);
            let pointer = format!(
                "/Resources/{}/Properties/DefinitionSubstitutions/{}",
                linked.machine.key, member.key
            );
            let finding = finding.at(pointer);
            let help = "leave it out of DefinitionSubstitutions";
            checked.findings.push(finding.help(help));
        }
    }
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
