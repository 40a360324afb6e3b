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

/// Nobody writes a longer file, and it could not be played.
const MOST: u64 = 16 << 20;

/// Reads a file as text.
pub(crate) fn read(path: &Path) -> Result<String, Fault> {
    let about = std::fs::metadata(path).map_err(|error| Fault::new(path, error))?;
    if about.len() > MOST {
        let message = format!("it is larger than {} MiB", MOST >> 20);
        return Err(Fault::new(path, message));
    }
    let bytes = std::fs::read(path).map_err(|error| Fault::new(path, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new(path, format!("byte {at} is not UTF-8"))
    })
}

/// Reads a file as text, or answers nothing where there is none.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<String>, Fault> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => read(path).map(Some),
    }
}
