//! Workflows and their cases, as they lie in folders.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::case::Case;
use crate::fault::Fault;
use crate::mock_config;
use crate::workflow::Workflow;

/// A workflow and its cases.
#[derive(Debug)]
pub struct Suite {
    /// The workflow.
    pub workflow: Workflow,
    /// By name.
    pub cases: Vec<Case>,
}

impl Suite {
    /// Takes a workflow and its cases from texts instead of files: `workflow.asl.json`,
    /// `cases/substitutions.json`, and those of the cases, by their path.
    pub fn of_texts(name: &str, texts: &BTreeMap<String, String>) -> Result<Self, Vec<Fault>> {
        let home = Path::new(name);
        let read = |path: &Path| {
            let path = path.strip_prefix(home).unwrap_or(path);
            Ok(texts.get(path.to_string_lossy().as_ref()).cloned())
        };
        let workflow = Workflow::of(&home.join("workflow.asl.json"), &read)?;
        let paths = texts.keys().filter_map(|path| path.strip_prefix("cases/"));
        let folders = paths.filter_map(|path| path.split_once('/'));
        let names: BTreeSet<&str> = folders.map(|(case, _)| case).collect();
        let cases = names
            .into_iter()
            .map(|case| Case::of(&home.join("cases").join(case), read));
        Ok(Self {
            cases: cases.collect::<Result<_, _>>()?,
            workflow,
        })
    }
}

/// Folders that hold nothing of one's own.
const SKIPPED: [&str; 3] = ["target", "node_modules", "venv"];

/// Finds what is to be played: in a folder and all below it, beside a definition, in a single case,
/// or in a `MockConfigFile.json` of Step Functions Local. What cannot be read is a fault and keeps
/// nothing else from being played.
#[must_use]
pub fn find(paths: &[PathBuf]) -> (Vec<Suite>, Vec<Fault>) {
    let mut finder = Finder::default();
    for path in paths {
        finder.path(path);
    }
    (finder.suites, finder.faults)
}

#[derive(Default)]
struct Finder {
    suites: Vec<Suite>,
    faults: Vec<Fault>,
}

impl Finder {
    fn path(&mut self, path: &Path) {
        if path.is_dir() {
            if let Some(folder) = folder_of_case(path) {
                self.add(&folder, vec![path.to_owned()]);
                return;
            }
            let before = (self.suites.len(), self.faults.len());
            self.folder(path);
            if before == (self.suites.len(), self.faults.len()) {
                self.faults.push(Fault::new(
                    path,
                    "there are no cases here: a folder `cases` beside a definition \
                     (`workflow.asl.json`) has a folder for each",
                ));
            }
        } else if !path.is_file() {
            self.faults
                .push(Fault::new(path, "there is no such file or folder"));
        } else if mock_config::is_one(path) {
            match mock_config::suites(path) {
                Ok(suites) => self.suites.extend(suites),
                Err(faults) => self.faults.extend(faults),
            }
        } else {
            let folder = path.parent().unwrap_or(Path::new("."));
            match self.cases(&folder.join("cases")) {
                cases if cases.is_empty() => {
                    let message = "there is no folder `cases` with cases beside it";
                    self.faults.push(Fault::new(path, message));
                }
                cases => self.play(path, cases),
            }
        }
    }

    fn folder(&mut self, folder: &Path) {
        let cases = self.cases(&folder.join("cases"));
        if !cases.is_empty() {
            self.add(folder, cases);
        }
        for below in self.folders(folder) {
            let name = below.file_name().unwrap_or_default().to_string_lossy();
            if name != "cases" && !name.starts_with('.') && !SKIPPED.contains(&name.as_ref()) {
                self.folder(&below);
            }
        }
    }

    /// The definition of a folder, with these cases.
    fn add(&mut self, folder: &Path, cases: Vec<PathBuf>) {
        match definition(folder) {
            Ok(file) => self.play(&file, cases),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn play(&mut self, definition: &Path, folders: Vec<PathBuf>) {
        let workflow = match Workflow::read(definition) {
            Ok(workflow) => workflow,
            Err(faults) => return self.faults.extend(faults),
        };
        let mut cases = Vec::new();
        for folder in folders {
            match Case::read(&folder) {
                Ok(case) => cases.push(case),
                Err(faults) => self.faults.extend(faults),
            }
        }
        self.suites.push(Suite { workflow, cases });
    }

    /// The folders of cases in a folder `cases`, by name.
    fn cases(&mut self, folder: &Path) -> Vec<PathBuf> {
        if !folder.is_dir() {
            return Vec::new();
        }
        let mut cases = self.folders(folder);
        cases.retain(|case| Case::is_case(case));
        cases
    }

    fn folders(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.faults.push(Fault::new(folder, error));
                return Vec::new();
            }
        };
        // Links are not followed: a link upwards would lead around for ever.
        let folders = entries
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut folders: Vec<_> = folders.map(|entry| entry.path()).collect();
        folders.sort();
        folders
    }
}

/// The folder of the workflow, if a folder is a case of it.
fn folder_of_case(folder: &Path) -> Option<PathBuf> {
    let whole = folder.canonicalize().ok()?;
    let cases = whole.parent()?;
    let is_case = cases.file_name()? == "cases" && Case::is_case(folder);
    is_case.then(|| cases.parent().map(Path::to_owned))?
}

/// `workflow.asl.json` (or `.yaml`), or the only `*.asl.json` (or `.yaml`) of a folder.
fn definition(folder: &Path) -> Result<PathBuf, Fault> {
    const ENDINGS: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];
    let usual = ENDINGS.map(|ending| folder.join(format!("workflow{ending}")));
    if let Some(usual) = usual.into_iter().find(|file| file.is_file()) {
        return Ok(usual);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Fault::new(folder, error))?;
    let files = entries.flatten().map(|entry| entry.path());
    let mut files = files.filter(|file| {
        let name = file.to_string_lossy();
        ENDINGS.iter().any(|ending| name.ends_with(ending)) && file.is_file()
    });
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        (None, _) => Err(Fault::new(
            folder,
            "there are cases, but no `workflow.asl.json`",
        )),
        _ => Err(Fault::new(
            folder,
            "there are cases and several definitions: call the one that they are for \
             `workflow.asl.json`",
        )),
    }
}
