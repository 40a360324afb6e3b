//! Where services keep their state: typed tables and blobs, in memory or in one SQLite file.
//!
//! Tables are read from memory and written through, so that a killed process loses nothing that
//! was answered ([`Store::settled`]). Values are stored as JSON: a person can look at them with
//! any SQLite client.

mod batch;
mod blobs;
mod disk;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use blobs::Blob;
pub use blobs::Blobs;
use disk::Disk;
pub use table::Table;

/// The state of a local AWS; cheap to clone.
#[derive(Clone)]
pub struct Store {
    disk: Option<Arc<Disk>>,
    directory: Option<Arc<Path>>,
}

/// A moment in the order of a store's writes; by default the beginning.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mark(u64);

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the state file `{path}`: {reason}")]
pub struct OpenError {
    path: String,
    reason: String,
}

impl Store {
    /// State that ends with the process.
    pub fn memory() -> Self {
        Self {
            disk: None,
            directory: None,
        }
    }

    /// State in a file, made when absent. The last of its clones writes what is left to write.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let disk = Disk::open(path).map_err(|error| OpenError {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            disk: Some(Arc::new(disk)),
            directory: path.parent().map(Arc::from),
        })
    }

    /// The directory of the state file, where a service may keep files of its own; `None` in
    /// memory.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Opens a table by its name, `service.things`, with what was stored in it. Rows that can no
    /// longer be read, because the program that wrote them was another version, are left out.
    pub fn table<T: Serialize + DeserializeOwned + Clone>(&self, name: &'static str) -> Table<T> {
        let mut rows = BTreeMap::new();
        let stored = self.disk.iter().flat_map(|disk| disk.scan(name, ""));
        for (key, value) in stored {
            match serde_json::from_slice(&value) {
                Ok(row) => {
                    rows.insert(Arc::from(key), row);
                }
                Err(error) => tracing::warn!(table = name, key, %error, "stored row left out"),
            }
        }
        Table {
            name,
            store: self.clone(),
            rows: Mutex::new(rows),
        }
    }

    /// Opens a set of blobs by its name. Blobs on disk are read when asked for.
    pub fn blobs(&self, name: &'static str) -> Blobs {
        Blobs {
            name,
            store: self.clone(),
            memory: Mutex::new(BTreeMap::new()),
        }
    }

    /// Whether the state outlives the process.
    pub fn is_durable(&self) -> bool {
        self.disk.is_some()
    }

    /// This moment in the order of writes.
    pub fn mark(&self) -> Mark {
        Mark(self.disk.as_ref().map_or(0, |disk| disk.made()))
    }

    /// Waits until everything that was written since a moment is safe from the end of the
    /// process, whoever wrote it. Returns at once when nothing was.
    pub async fn settled(&self, since: Mark) {
        let Some(disk) = &self.disk else { return };
        let made = disk.made();
        if made > since.0 {
            disk.settled(made).await;
        }
    }

    fn disk(&self) -> Option<&Disk> {
        self.disk.as_deref()
    }

    fn write(&self, table: &'static str, key: &str, value: Option<Blob>) {
        if let Some(disk) = &self.disk {
            disk.set(table, key, value);
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.disk {
            Some(_) => "Disk",
            None => "Memory",
        })
    }
}

/// A poisoned lock means that a closure panicked; the rows themselves are whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
