//! The checkout and the data beside it.

use std::fs;
use std::path::{Path, PathBuf};

/// The checkout's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// The folder of other people's data, `FOOTWORK_SHARED` or `../shared`; `None`, and a word about
/// it, where it is absent.
pub fn shared(part: &str) -> Option<PathBuf> {
    let named = std::env::var_os("FOOTWORK_SHARED").unwrap_or_else(|| "../shared".into());
    // A test's working folder is its package; what is relative means the checkout.
    let folder = root().join(PathBuf::from(named)).join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: there is no `{}` (set FOOTWORK_SHARED)",
        folder.display()
    );
    None
}

/// Text of a file of the checkout.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of the folders in a folder of the checkout, sorted.
pub fn folders(path: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let entries = entries
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Paths of all files below a folder of the checkout, relative to the checkout, sorted. Hidden
/// folders and build output are left out.
pub fn files(path: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&root().join(path), &mut found);
    let root = root();
    let mut found: Vec<_> = found
        .into_iter()
        .map(|path| path.strip_prefix(&root).unwrap().to_path_buf())
        .collect();
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if entry.path().is_dir() {
            if name != "target" && !name.to_string_lossy().starts_with('.') {
                walk(&entry.path(), found);
            }
        } else {
            found.push(entry.path());
        }
    }
}
