//! What is wrong with workflows and the files beside them, found without any AWS.

mod codes;
mod definition;
mod finding;
mod iam;
mod inputs;
mod json;
mod linked;
mod playing;
mod sarif;
mod source;
mod substitutions;
mod template;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use codes::CODES;
pub use finding::{Finding, Source, Weight};
pub use json::json;
pub use sarif::sarif;
pub use text::text;

use crate::project;
use source::{Document, File};

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Checked {
    /// How many definitions were read.
    pub definitions: usize,
    /// How many templates.
    pub templates: usize,
    /// How many other files: inputs, schemas, cases.
    pub beside: usize,
    /// Everything found, file by file.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether AWS or a run would refuse something.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// Checks every definition and template in these files and folders, with all that lies beside them.
pub fn check(paths: &[PathBuf]) -> Checked {
    let mut checked = Checked::default();
    let (files, missing) = project::checkable(paths);
    for path in missing {
        let fault = "there is no definition: `*.asl.json`, `*.asl.yaml`, or a file named here";
        checked
            .findings
            .push(Finding::of_file(&path, "NOTHING_TO_CHECK", fault));
    }
    let mut templates = Templates::default();
    // First, so that a template is told by the shorter of its names.
    for path in &files.templates {
        templates.read(path, &mut checked);
    }
    for path in &files.definitions {
        definition(path, &mut templates, &mut checked);
    }
    checked
        .findings
        .sort_by(|one, other| one.order().cmp(&other.order()));
    checked
}

fn definition(path: &Path, templates: &mut Templates, checked: &mut Checked) {
    checked.definitions += 1;
    let template = project::template_of(path);
    let template = template.and_then(|template| templates.read(&template, checked));
    let linked = template.and_then(|template| linked::Linked::find(template, path));
    let kind = linked
        .as_ref()
        .map_or(asl::Kind::Standard, linked::Linked::kind);
    let before = checked.findings.len();
    let document = definition::check(path, kind, checked);
    let is_sound = !checked.findings.iter().skip(before).any(Finding::is_error);
    if let (Some(document), Some(linked)) = (&document, &linked) {
        substitutions::check(document, linked, checked);
        iam::check_roles(document, linked, checked);
    }
    inputs::check(path, checked);
    playing::check(path, is_sound && document.is_some(), checked);
}

/// Templates that are read already: several definitions may share one.
#[derive(Default)]
struct Templates {
    read: BTreeMap<PathBuf, Option<Document>>,
}

impl Templates {
    fn read(&mut self, path: &Path, checked: &mut Checked) -> Option<&Document> {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let entry = self.read.entry(whole);
        let document = entry.or_insert_with(|| {
            checked.templates += 1;
            let file = File::read(path, checked)?.without_mark();
            let document = file.document("TEMPLATE_SYNTAX", cfn::read, checked)?;
            template::check(&document, checked);
            Some(document)
        });
        document.as_ref()
    }
}
