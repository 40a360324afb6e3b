//! What is wrong with workflows and the files beside them, found without any AWS.

mod definition;
mod finding;
mod inputs;
mod json;
mod sarif;
mod substitutions;
mod text;

use std::path::{Path, PathBuf};

pub use finding::{Finding, Source, Weight};
pub use json::json;
pub use sarif::sarif;
pub use text::text;

use crate::project;

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Checked {
    /// How many definitions were read.
    pub definitions: usize,
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

    fn read(&mut self, path: &Path) -> Option<String> {
        // Nobody writes one so long, and it would only be refused later.
        const MOST: u64 = 16 << 20;
        let fault = match std::fs::metadata(path) {
            Ok(about) if about.len() > MOST => "it is larger than 16 MiB".to_owned(),
            _ => match std::fs::read(path).map(String::from_utf8) {
                Ok(Ok(text)) => return Some(text),
                Ok(Err(error)) => {
                    let at = error.utf8_error().valid_up_to();
                    format!("byte {at} is not UTF-8")
                }
                Err(error) => error.to_string(),
            },
        };
        self.findings
            .push(Finding::of_file(path, "UNREADABLE", fault));
        None
    }
}

/// Checks every definition in these files and folders, with all that lies beside it.
pub fn check(paths: &[PathBuf]) -> Checked {
    let mut checked = Checked::default();
    let (definitions, missing) = project::definitions(paths);
    for path in missing {
        let fault = "there is no definition: `*.asl.json`, or a file named here";
        checked
            .findings
            .push(Finding::of_file(&path, "NOTHING_TO_CHECK", fault));
    }
    for path in definitions {
        checked.definitions += 1;
        let Some(text) = checked.read(&path) else {
            continue;
        };
        checked.findings.extend(definition::check(&path, &text));
        substitutions::check(&path, &text, &mut checked);
        inputs::check(&path, &mut checked);
        cases(&path, &mut checked);
    }
    checked
}

/// The files of cases, read as they are before they are played.
fn cases(definition: &Path, checked: &mut Checked) {
    let folder = definition.parent().unwrap_or(Path::new(".")).join("cases");
    for case in project::folders(&folder) {
        checked.beside += 1;
        for fault in cases::Case::read(&case).err().into_iter().flatten() {
            let finding = Finding::of_file(&fault.path, "CASE", fault.message);
            checked.findings.push(finding);
        }
    }
}
