//! The faults of a template that show without an account: names that lead nowhere, types and
//! properties that do not exist, constraints that cannot hold, what nothing uses.
//!
//! Values are not computed: functions stand for whatever they may give. What a transform makes of
//! a template is not known either, so that templates with macros are only checked as far as they
//! are plain.

pub(super) mod function;
mod graph;
mod names;
mod parameters;
mod references;
mod resources;
#[cfg(test)]
mod tests;

use document::{Member, Node};

use super::Checked;
use super::source::Document;
use crate::ui::suggest;

const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// Finds all faults of a template.
pub(super) fn check(template: &Document, checked: &mut Checked) {
    let file = &template.file;
    if !template.root.is_object() {
        let message = "a template is an object of sections";
        let finding = file.error(template.root.span.clone(), "TEMPLATE_SECTION", message);
        return checked.findings.push(finding);
    }
    let view = View::of(template);
    for section in template.root.members() {
        let name = section.key.as_str();
        let is_known = SECTIONS.contains(&name) || (name == "Globals" && view.has_macros);
        if !is_known {
            let message = format!("templates have no section `{name}`");
            let finding = file.error(section.key_span.clone(), "TEMPLATE_SECTION", message);
            let finding = match suggest(name, SECTIONS) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            };
            checked.findings.push(finding.at(format!("/{name}")));
        }
    }
    if view.section("Resources").is_empty() {
        let place = template.root.member("Resources");
        let span = place.map_or(0..0, |member| member.key_span.clone());
        let message = "a template has one resource at least";
        checked
            .findings
            .push(file.error(span, "TEMPLATE_SECTION", message));
    }
    parameters::check(&view, checked);
    resources::check(&view, checked);
    references::check(&view, checked);
    graph::check(&view, checked);
    super::iam::check_actions(template, checked);
}

/// A template with what all checks ask for.
#[derive(Debug, Clone, Copy)]
struct View<'t> {
    template: &'t Document,
    /// Whether something makes another template of it first, so that names may come from there.
    has_macros: bool,
}

impl<'t> View<'t> {
    fn of(template: &'t Document) -> Self {
        Self {
            template,
            has_macros: function::has_macros(&template.root),
        }
    }

    fn section(&self, name: &str) -> &'t [Member] {
        let section = self.template.root.get(name);
        section.map(Node::members).unwrap_or_default()
    }

    fn has(&self, section: &str, name: &str) -> bool {
        self.section(section)
            .iter()
            .any(|member| member.key == name)
    }

    /// Names of the members of a section.
    fn names(&self, section: &str) -> impl Iterator<Item = &'t str> {
        self.section(section)
            .iter()
            .map(|member| member.key.as_str())
    }
}
