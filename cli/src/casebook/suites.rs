//! Which workflows and cases are meant: files, or what the program ships.

use std::path::{Path, PathBuf};

use cases::{Fault, Suite};

use crate::catalogue::{self, UseCase};
use crate::kit;
use crate::settings::Settings;

/// The shipped workflow that an argument names, if it names one. A folder of that name is meant
/// only as `./name`.
pub fn shipped(path: &Path) -> Option<&'static UseCase> {
    let named = path.to_str()?;
    catalogue::USE_CASES.iter().find(|case| case.name == named)
}

/// The workflows that arguments name, with their cases, and what cannot be read.
pub fn suites(paths: &[PathBuf]) -> (Vec<Suite>, Vec<Fault>) {
    let (named, paths): (Vec<_>, Vec<_>) = paths
        .iter()
        .cloned()
        .partition(|path| shipped(path).is_some());
    let (mut suites, mut faults) = cases::find(&paths);
    suites.iter_mut().for_each(name);
    for path in &named {
        let Some(case) = shipped(path) else { continue };
        let suite = match kit::files(case.name) {
            Ok(files) => Suite::of_texts(case.name, &files),
            Err(failure) => Err(vec![Fault {
                path: path.clone(),
                message: failure.to_string(),
            }]),
        };
        match suite {
            Ok(suite) => suites.push(suite),
            Err(more) => faults.extend(more),
        }
    }
    (suites, faults)
}

/// A directory of one's own may say what its workflow is called; its cases rely on it. What is
/// wrong with that file is told where it matters.
fn name(suite: &mut Suite) {
    let folder = suite.workflow.file.parent();
    let settings = folder.map(Settings::read).and_then(Result::ok);
    if let Some(workflow) = settings.and_then(|settings| settings.workflow) {
        suite.workflow.name = workflow;
    }
}
