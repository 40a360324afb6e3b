//! Where the files of a workflow lie, for commands that work on files alone.

use std::path::{Path, PathBuf};

/// Folders that hold nothing of one's own.
const SKIPPED: [&str; 3] = ["target", "node_modules", "cases"];

/// Definitions in these files and folders: files that are named, and `*.asl.json` in folders and
/// all below them. Paths that lead to none come back as the second.
pub fn definitions(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for path in paths {
        let before = found.len();
        if path.is_file() {
            found.push(path.clone());
        } else {
            walk(path, &mut found);
        }
        if found.len() == before {
            missing.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    (found, missing)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    found.extend(files(folder, ".asl.json"));
    for below in folders(folder) {
        let name = below.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with('.') && !SKIPPED.contains(&name.as_ref()) {
            walk(&below, found);
        }
    }
}

/// Files of a folder with this ending, by name.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| path.is_file() && path.to_string_lossy().ends_with(ending);
    entries(folder).into_iter().filter(is_one).collect()
}

/// Folders of a folder, by name. Links are not followed: one upwards would lead around for ever.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| path.is_dir() && !path.is_symlink();
    entries(folder).into_iter().filter(is_one).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

/// The template that deploys a definition: `template.yaml` beside it, or the one of its folder's
/// name in `templates` two folders up.
pub fn template_of(definition: &Path) -> Option<PathBuf> {
    let folder = definition.parent()?;
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let beside = ["template.yaml", "template.yml", "template.json"].map(|name| folder.join(name));
    let name = std::path::absolute(folder).ok()?;
    let name = name.file_name()?.to_string_lossy();
    let shared = folder.join(format!("../../templates/{name}.yaml"));
    beside
        .into_iter()
        .chain([shared])
        .find(|file| file.is_file())
}
