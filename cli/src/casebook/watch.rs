//! Notices when files change.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Often enough that nobody waits, seldom enough that nobody notices.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Files below some paths, by what the file system says of them.
#[derive(Debug)]
pub struct Watch {
    paths: Vec<PathBuf>,
    seen: Vec<(PathBuf, SystemTime, u64)>,
}

impl Watch {
    /// Begins with the files as they are now.
    pub fn new(paths: &[PathBuf]) -> Self {
        let paths = paths.to_vec();
        let seen = look(&paths);
        Self { paths, seen }
    }

    /// Waits until a file is new, gone or changed since the last time.
    pub async fn changed(&mut self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = look(&self.paths);
            if now != self.seen {
                self.seen = now;
                return;
            }
        }
    }
}

fn look(paths: &[PathBuf]) -> Vec<(PathBuf, SystemTime, u64)> {
    let mut seen = Vec::new();
    for path in paths {
        let beside = path.parent().filter(|_| path.is_file());
        add(beside.unwrap_or(path), &mut seen);
    }
    seen.sort();
    seen
}

fn add(folder: &Path, seen: &mut Vec<(PathBuf, SystemTime, u64)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        let Ok(about) = entry.metadata() else {
            continue;
        };
        if about.is_dir() && !hidden && name != "target" && name != "node_modules" {
            add(&entry.path(), seen);
        } else if about.is_file() && entry.path().extension().is_some_and(|e| e == "json") {
            let modified = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            seen.push((entry.path(), modified, about.len()));
        }
    }
}
