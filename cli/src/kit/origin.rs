//! What a directory was made from: `.footwork/origin.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

/// Where it is kept in the directory.
const FILE: &str = ".footwork/origin.json";

/// The use case, the version of the program, and a hash of every file as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// Name of the use case.
    pub workflow: String,
    /// Version of the program that wrote the directory.
    pub version: String,
    /// SHA-256 by path.
    pub files: BTreeMap<String, String>,
}

impl Origin {
    /// What this program writes of a use case.
    pub fn of(use_case: &str, files: &BTreeMap<String, String>) -> Self {
        let hashes = files
            .iter()
            .map(|(path, text)| (path.clone(), super::hash(text)));
        Self {
            workflow: use_case.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            files: hashes.collect(),
        }
    }

    /// Writes it into a directory.
    pub fn write(&self, directory: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        let files = BTreeMap::from([(FILE.to_owned(), format!("{text}\n"))]);
        super::write(directory, &files)
    }

    /// Reads that of a directory; `None` where `footwork init` did not make it.
    pub fn read(directory: &Path) -> Result<Option<Self>> {
        let file = directory.join(FILE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::io(format!("read `{}`", file.display()), &error));
            }
        };
        let origin = serde_json::from_str(&text).map_err(|error| {
            Failure::new(format!("`{}` cannot be read: {error}", file.display()))
                .help("it is written by `footwork init`; take it back from version control")
        })?;
        Ok(Some(origin))
    }
}
