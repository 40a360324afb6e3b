//! A directory compared with what this version of the program writes of the same workflow, and
//! with what was written when it was made.

mod machine;
mod said;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::kit::{self, Origin};

pub use machine::{StateChange, changes};
pub use said::{json, tally, text};

/// Who changed a file since the directory was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The directory's owner.
    You,
    /// A newer version of the program.
    Upstream,
    /// Both, and not in the same way.
    Both,
}

/// A file that is not as shipped.
#[derive(Debug)]
pub struct FileChange {
    /// Its path in the directory.
    pub path: String,
    /// Who changed it.
    pub by: By,
    /// As shipped; `None` if it is not.
    pub shipped: Option<String>,
    /// As it is here; `None` if it is not, or is no text.
    pub here: Option<String>,
}

/// All that is not as shipped.
#[derive(Debug)]
pub struct Comparison {
    /// What the directory was made from.
    pub origin: Origin,
    /// Files, by path.
    pub files: Vec<FileChange>,
    /// States of the definition; `None` if one of the two cannot be read.
    pub states: Option<Vec<StateChange>>,
}

/// Compares a directory with what it was made from.
pub fn compare(directory: &Path) -> Result<Comparison> {
    let Some(origin) = Origin::read(directory)? else {
        let shown = directory.display();
        return Err(Failure::new(format!(
            "`{shown}` was not made by `footwork init`: it has no .footwork/origin.json"
        ))
        .help("name a directory that was, or make one with `footwork init`"));
    };
    let shipped = kit::files(&origin.workflow).map_err(|failure| {
        failure.help(format!(
            "the directory was made by version {}; this one no longer ships its workflow",
            origin.version
        ))
    })?;
    let here = own_files(directory, &shipped, &origin)?;
    let files = files(&origin, &shipped, &here);
    let parsed = |files: &BTreeMap<String, String>| -> Option<Value> {
        serde_json::from_str(files.get(kit::WORKFLOW)?).ok()
    };
    let states = match (parsed(&shipped), parsed(&here)) {
        (Some(shipped), Some(here)) => Some(changes(&shipped, &here)),
        _ => None,
    };
    Ok(Comparison {
        origin,
        files,
        states,
    })
}

fn files(
    origin: &Origin,
    shipped: &BTreeMap<String, String>,
    here: &BTreeMap<String, String>,
) -> Vec<FileChange> {
    let paths: BTreeSet<&String> = shipped
        .keys()
        .chain(here.keys())
        .chain(origin.files.keys())
        .collect();
    let mut changed = Vec::new();
    for path in paths {
        let (new, own) = (shipped.get(path), here.get(path));
        if new == own {
            continue;
        }
        let base = origin.files.get(path);
        let (theirs, mine) = (new.map(|text| kit::hash(text)), own.map(|t| kit::hash(t)));
        let by = match (mine.as_ref() == base, theirs.as_ref() == base) {
            (false, true) => By::You,
            (true, false) => By::Upstream,
            _ => By::Both,
        };
        changed.push(FileChange {
            path: path.clone(),
            by,
            shipped: new.cloned(),
            here: own.cloned(),
        });
    }
    changed
}

/// Folders whose files are compared even if no version shipped them.
const OWN: [&str; 4] = ["cases", "examples", "functions", "."];

/// The files of a directory that can be compared: those that some version shipped, and new ones
/// beside them.
fn own_files(
    directory: &Path,
    shipped: &BTreeMap<String, String>,
    origin: &Origin,
) -> Result<BTreeMap<String, String>> {
    let mut paths: BTreeSet<String> = shipped.keys().chain(origin.files.keys()).cloned().collect();
    for folder in OWN {
        walk(directory, folder, folder != ".", &mut paths);
    }
    let mut files = BTreeMap::new();
    for path in paths {
        let file = directory.join(&path);
        match std::fs::read(&file) {
            Ok(bytes) => {
                // What is no text is compared as if it were, which shows that it differs.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                files.insert(path, text);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Failure::io(format!("read `{}`", file.display()), &error));
            }
        }
    }
    Ok(files)
}

/// Files that are not the workflow's: made by tools, or the directory's own by design.
const OTHERS: [&str; 2] = ["packaged.yaml", crate::settings::FILE];

fn walk(directory: &Path, at: &str, below: bool, paths: &mut BTreeSet<String>) {
    let folder = directory.join(at);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if at == "." {
            name.clone()
        } else {
            format!("{at}/{name}")
        };
        let kind = entry.file_type();
        if name.starts_with('.') || name == "target" || OTHERS.contains(&path.as_str()) {
            continue;
        }
        if kind.as_ref().is_ok_and(std::fs::FileType::is_file) {
            paths.insert(path);
        } else if below && kind.is_ok_and(|kind| kind.is_dir()) {
            walk(directory, &path, below, paths);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_changed_a_file_is_told_apart() {
        let texts = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect()
        };
        let base = texts(&[
            ("same", "1"),
            ("mine", "1"),
            ("theirs", "1"),
            ("both", "1"),
            ("alike", "1"),
            ("deleted", "1"),
            ("dropped", "1"),
        ]);
        let shipped = texts(&[
            ("same", "1"),
            ("mine", "1"),
            ("theirs", "2"),
            ("both", "2"),
            ("alike", "2"),
            ("deleted", "1"),
            ("added", "1"),
        ]);
        let here = texts(&[
            ("same", "1"),
            ("mine", "3"),
            ("theirs", "1"),
            ("both", "3"),
            ("alike", "2"),
            ("dropped", "1"),
            ("new", "1"),
        ]);
        let found = files(&Origin::of("x", &base), &shipped, &here);
        let found: Vec<_> = found
            .iter()
            .map(|change| (change.path.as_str(), change.by))
            .collect();
        assert_eq!(
            found,
            [
                ("added", By::Upstream),
                ("both", By::Both),
                ("deleted", By::You),
                ("dropped", By::Upstream),
                ("mine", By::You),
                ("new", By::You),
                ("theirs", By::Upstream),
            ]
        );
    }
}
