//! Where services keep their state: typed tables and blobs, in memory or in one SQLite file.
//!
//! Tables are read from memory and written through, so that a killed process loses nothing that
//! was answered. Values are stored as JSON: a person can look at them with any SQLite client.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The state of a local AWS; cheap to clone.
#[derive(Clone)]
pub struct Store {
    disk: Option<Arc<Mutex<Connection>>>,
    directory: Option<Arc<Path>>,
}

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

    /// State in a file, made when absent.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: rusqlite::Error| OpenError {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let disk = Connection::open(path).map_err(failed)?;
        // Write-ahead logging survives `kill -9`; NORMAL may lose the last writes only when the
        // machine itself goes down, which is fine for a development tool.
        disk.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             CREATE TABLE IF NOT EXISTS rows (tbl TEXT, key TEXT, value BLOB, PRIMARY KEY (tbl, key)) WITHOUT ROWID;",
        )
        .map_err(failed)?;
        Ok(Self {
            disk: Some(Arc::new(Mutex::new(disk))),
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
        for (key, value) in self.load(name) {
            match serde_json::from_slice(&value) {
                Ok(row) => {
                    rows.insert(key, row);
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

    fn load(&self, table: &str) -> Vec<(String, Vec<u8>)> {
        let Some(disk) = self.disk() else {
            return Vec::new();
        };
        let read = || -> rusqlite::Result<Vec<_>> {
            let mut rows = disk.prepare_cached("SELECT key, value FROM rows WHERE tbl = ?")?;
            let rows = rows.query_map(params![table], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().unwrap_or_else(|error| {
            tracing::error!(table, %error, "state cannot be read");
            Vec::new()
        })
    }

    fn disk(&self) -> Option<MutexGuard<'_, Connection>> {
        Some(lock(self.disk.as_ref()?))
    }

    fn write(&self, table: &str, key: &str, value: Option<&[u8]>) {
        let Some(disk) = self.disk() else { return };
        let written = match value {
            Some(value) => disk
                .prepare_cached("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)")
                .and_then(|mut insert| insert.execute(params![table, key, value])),
            None => disk
                .prepare_cached("DELETE FROM rows WHERE tbl = ? AND key = ?")
                .and_then(|mut delete| delete.execute(params![table, key])),
        };
        if let Err(error) = written {
            tracing::error!(table, key, %error, "state cannot be written");
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.disk.is_some() {
            "Disk"
        } else {
            "Memory"
        };
        f.write_str(kind)
    }
}

/// Rows of one kind, sorted by key.
///
/// Every method is atomic. None may be called from inside a closure given to another method of
/// the same table.
#[derive(Debug)]
pub struct Table<T> {
    name: &'static str,
    store: Store,
    rows: Mutex<BTreeMap<String, T>>,
}

impl<T: Serialize + DeserializeOwned + Clone> Table<T> {
    /// A copy of the row.
    pub fn get(&self, key: &str) -> Option<T> {
        lock(&self.rows).get(key).cloned()
    }

    /// Looks at the row without copying it.
    pub fn with<R>(&self, key: &str, look: impl FnOnce(&T) -> R) -> Option<R> {
        lock(&self.rows).get(key).map(look)
    }

    /// Whether the row exists.
    pub fn contains(&self, key: &str) -> bool {
        lock(&self.rows).contains_key(key)
    }

    /// Sets the row and returns the one before.
    pub fn put(&self, key: &str, row: T) -> Option<T> {
        let mut rows = lock(&self.rows);
        self.save(key, &row);
        rows.insert(key.to_owned(), row)
    }

    /// Sets the row only if there is none: false, and nothing changed, where there is one.
    pub fn insert(&self, key: &str, row: T) -> bool {
        let mut rows = lock(&self.rows);
        if rows.contains_key(key) {
            return false;
        }
        self.save(key, &row);
        rows.insert(key.to_owned(), row);
        true
    }

    /// Changes the row in place; `None` where there is none.
    pub fn update<R>(&self, key: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut rows = lock(&self.rows);
        let row = rows.get_mut(key)?;
        let result = change(row);
        self.save(key, row);
        Some(result)
    }

    /// Takes the row out.
    pub fn remove(&self, key: &str) -> Option<T> {
        let mut rows = lock(&self.rows);
        let row = rows.remove(key)?;
        self.store.write(self.name, key, None);
        Some(row)
    }

    /// Makes, changes or takes out the row: the closure is given what is there and leaves what
    /// shall be there.
    pub fn edit<R>(&self, key: &str, change: impl FnOnce(&mut Option<T>) -> R) -> R {
        let mut rows = lock(&self.rows);
        let mut row = rows.remove(key);
        let was_there = row.is_some();
        let result = change(&mut row);
        match row {
            Some(row) => {
                self.save(key, &row);
                rows.insert(key.to_owned(), row);
            }
            None if was_there => self.store.write(self.name, key, None),
            None => {}
        }
        result
    }

    /// Looks at the rows whose keys begin with `prefix`, in the order of their keys and without
    /// copying them, from the key `from` on and until the closure answers `false`.
    pub fn walk(&self, prefix: &str, from: &str, mut look: impl FnMut(&str, &T) -> bool) {
        let rows = lock(&self.rows);
        for (key, row) in
            rows.range::<str, _>((Bound::Included(from.max(prefix)), Bound::Unbounded))
        {
            if !key.starts_with(prefix) || !look(key, row) {
                return;
            }
        }
    }

    /// Copies of the rows whose keys begin with `prefix`, sorted by key.
    pub fn scan(&self, prefix: &str) -> Vec<(String, T)> {
        let rows = lock(&self.rows);
        let from_prefix = rows.range(prefix.to_owned()..);
        let within = from_prefix.take_while(|(key, _)| key.starts_with(prefix));
        within
            .map(|(key, row)| (key.clone(), row.clone()))
            .collect()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        lock(&self.rows).len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn save(&self, key: &str, row: &T) {
        if self.store.disk.is_none() {
            return;
        }
        match serde_json::to_vec(row) {
            Ok(value) => self.store.write(self.name, key, Some(&value)),
            Err(error) => tracing::error!(table = self.name, key, %error, "row cannot be stored"),
        }
    }
}

/// Large values by key, kept apart from tables so that reading a table does not load them.
#[derive(Debug)]
pub struct Blobs {
    name: &'static str,
    store: Store,
    memory: Mutex<BTreeMap<String, Bytes>>,
}

impl Blobs {
    /// The blob's bytes.
    pub fn get(&self, key: &str) -> Option<Bytes> {
        let Some(disk) = self.store.disk() else {
            return lock(&self.memory).get(key).cloned();
        };
        let read = disk
            .prepare_cached("SELECT value FROM rows WHERE tbl = ? AND key = ?")
            .and_then(|mut row| {
                row.query_row(params![self.name, key], |row| row.get::<_, Vec<u8>>(0))
                    .optional()
            });
        read.ok().flatten().map(Bytes::from)
    }

    /// Sets the blob.
    pub fn put(&self, key: &str, value: Bytes) {
        if self.store.disk.is_some() {
            self.store.write(self.name, key, Some(&value));
        } else {
            lock(&self.memory).insert(key.to_owned(), value);
        }
    }

    /// Removes the blob.
    pub fn remove(&self, key: &str) {
        self.store.write(self.name, key, None);
        lock(&self.memory).remove(key);
    }

    /// Copies of all blobs whose keys begin with `prefix`, sorted by key.
    pub fn scan(&self, prefix: &str) -> Vec<(String, Bytes)> {
        let Some(disk) = self.store.disk() else {
            let memory = lock(&self.memory);
            let from = memory.range(prefix.to_owned()..);
            let within = from.take_while(|(key, _)| key.starts_with(prefix));
            return within
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
        };
        let read = || -> rusqlite::Result<Vec<(String, Bytes)>> {
            let mut rows = disk.prepare_cached(
                "SELECT key, value FROM rows WHERE tbl = ? AND key >= ? AND key < ? ORDER BY key",
            )?;
            let rows = rows.query_map(params![self.name, prefix, after(prefix)], |row| {
                Ok((row.get(0)?, Bytes::from(row.get::<_, Vec<u8>>(1)?)))
            })?;
            rows.collect()
        };
        read().unwrap_or_else(|error| {
            tracing::error!(table = self.name, prefix, %error, "state cannot be read");
            Vec::new()
        })
    }

    /// Removes all blobs whose keys begin with `prefix`.
    pub fn remove_all(&self, prefix: &str) {
        let Some(disk) = self.store.disk() else {
            let mut memory = lock(&self.memory);
            let mut after = memory.split_off(prefix);
            after.retain(|key, _| !key.starts_with(prefix));
            memory.append(&mut after);
            return;
        };
        let removed = disk
            .prepare_cached("DELETE FROM rows WHERE tbl = ? AND key >= ? AND key < ?")
            .and_then(|mut delete| delete.execute(params![self.name, prefix, after(prefix)]));
        if let Err(error) = removed {
            tracing::error!(table = self.name, prefix, %error, "state cannot be written");
        }
    }
}

/// A key after every key that begins with `prefix`: SQLite compares the bytes of UTF-8.
fn after(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// A poisoned lock means that a closure panicked; the rows themselves are whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_rows_and_blobs() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.sqlite");
        {
            let store = Store::open(&path).unwrap();
            let table = store.table::<Vec<u32>>("test.rows");
            table.put("a/1", vec![1]);
            table.put("a/2", vec![2]);
            table.put("b/1", vec![3]);
            table.update("a/1", |row| row.push(4));
            table.remove("a/2");
            store
                .blobs("test.blobs")
                .put("x", Bytes::from_static(b"\xff\x00"));
        }
        let store = Store::open(&path).unwrap();
        let table = store.table::<Vec<u32>>("test.rows");
        assert_eq!(table.scan("a/"), [("a/1".to_owned(), vec![1, 4])]);
        assert_eq!(table.len(), 2);
        assert!(!table.insert("b/1", vec![]));
        check_prefixes(&store.blobs("test.prefixes"));
        assert_eq!(
            store.blobs("test.blobs").get("x").unwrap(),
            &b"\xff\x00"[..]
        );
    }

    #[test]
    fn memory_keeps_rows_and_blobs() {
        let store = Store::memory();
        let table = store.table::<u32>("test.rows");
        assert!(table.insert("a", 1));
        assert!(!table.insert("a", 2));
        assert_eq!(table.get("a"), Some(1));
        table.edit("b", |row| *row = Some(5));
        table.edit("a", |row| row.take());
        let mut seen = Vec::new();
        table.walk("", "a", |key, row| {
            seen.push((key.to_owned(), *row));
            true
        });
        assert_eq!(seen, [("b".to_owned(), 5)]);
        let blobs = store.blobs("test.blobs");
        blobs.put("x", Bytes::from_static(b"1"));
        blobs.remove("x");
        assert_eq!(blobs.get("x"), None);
        check_prefixes(&blobs);
    }

    fn check_prefixes(blobs: &Blobs) {
        for key in ["a#1", "b#2", "b#1", "c#1"] {
            blobs.put(key, Bytes::from_static(key.as_bytes()));
        }
        let keys = |prefix: &str| -> Vec<String> {
            blobs.scan(prefix).into_iter().map(|(key, _)| key).collect()
        };
        assert_eq!(keys("b#"), ["b#1", "b#2"]);
        blobs.remove_all("b#");
        assert_eq!(keys(""), ["a#1", "c#1"]);
    }
}
