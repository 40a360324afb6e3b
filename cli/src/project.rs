//! Where the files of a workflow lie, for commands that work on files alone.

use std::path::{Path, PathBuf};

/// Folders that hold nothing of one's own.
const SKIPPED: [&str; 3] = ["target", "node_modules", "cases"];

/// Endings of definitions.
pub const DEFINITIONS: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];

/// The definition of a folder: `workflow.asl.json`, or `.yaml`, or `.yml`.
pub fn definition_in(folder: &Path) -> PathBuf {
    let files = DEFINITIONS.map(|ending| folder.join(format!("workflow{ending}")));
    let found = files.iter().find(|file| file.is_file());
    found.or(files.first()).cloned().unwrap_or_default()
}

/// Definitions in these files and folders: files that are named, and `*.asl.json` and `*.asl.yaml`
/// in folders and all below them. Paths that lead to none come back as the second.
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

/// Files that can be checked.
#[derive(Debug, Default)]
pub struct Checkable {
    /// Definitions.
    pub definitions: Vec<PathBuf>,
    /// Templates.
    pub templates: Vec<PathBuf>,
}

/// Definitions and templates in these files and folders. Paths that lead to none come back as the
/// second.
pub fn checkable(paths: &[PathBuf]) -> (Checkable, Vec<PathBuf>) {
    let mut found = Checkable::default();
    let mut missing = Vec::new();
    for path in paths {
        if path.is_file() && is_template(path) {
            found.templates.push(path.clone());
            continue;
        }
        let (definitions, none) = definitions(std::slice::from_ref(path));
        let before = found.templates.len();
        if path.is_dir() {
            templates(path, &mut found.templates);
        }
        if found.templates.len() == before {
            missing.extend(none);
        }
        found.definitions.extend(definitions);
    }
    for files in [&mut found.definitions, &mut found.templates] {
        files.sort();
        files.dedup();
    }
    (found, missing)
}

/// Templates in YAML wherever they lie; in JSON, of which a project may have much, where they are
/// called so.
fn templates(folder: &Path, found: &mut Vec<PathBuf>) {
    let in_templates = folder.file_name().is_some_and(|name| name == "templates");
    for ending in [".yaml", ".yml", ".json"] {
        let files = files(folder, ending).into_iter().filter(|file| {
            let named = file.file_stem().is_some_and(|stem| stem == "template");
            (named || in_templates || ending != ".json") && is_template(file)
        });
        found.extend(files);
    }
    for below in below(folder) {
        templates(&below, found);
    }
}

/// Whether a file looks like a template: a section that every template has begins a line.
fn is_template(file: &Path) -> bool {
    let name = file.to_string_lossy();
    if DEFINITIONS.iter().any(|ending| name.ends_with(ending)) {
        return false;
    }
    let Ok(about) = std::fs::metadata(file) else {
        return false;
    };
    if about.len() > 4 << 20 {
        return false;
    }
    let text = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().any(|line| {
        let line = line.trim_start_matches(['\u{feff}', ' ', '\t', '{', '"']);
        line.starts_with("Resources") || line.starts_with("AWSTemplateFormatVersion")
    })
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for ending in DEFINITIONS {
        found.extend(files(folder, ending));
    }
    for below in below(folder) {
        walk(&below, found);
    }
}

/// Folders of a folder that are looked into.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all = folders(folder);
    all.retain(|below| {
        let name = below.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && !SKIPPED.contains(&name.as_ref())
    });
    all
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
