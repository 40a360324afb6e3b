//! Something wrong with a file, so that it cannot be played.

use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it, and how to mend it.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(path: impl AsRef<Path>, message: impl fmt::Display) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)
    }
}

impl std::error::Error for Fault {}

/// Reads a file as text.
pub(crate) fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|error| Fault::new(path, error))
}

/// Reads a file as text, or answers nothing where there is none.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<String>, Fault> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::new(path, error)),
    }
}
