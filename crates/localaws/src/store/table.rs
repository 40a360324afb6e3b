//! Typed rows by key: read from memory, written through.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, lock};

/// Rows of one kind, sorted by key.
///
/// Every method is atomic. None may be called from inside a closure given to another method of
/// the same table.
#[derive(Debug)]
pub struct Table<T> {
    pub(super) name: &'static str,
    pub(super) store: Store,
    pub(super) rows: Mutex<BTreeMap<Arc<str>, T>>,
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
        replace(&mut rows, key, row)
    }

    /// Sets the row only if there is none: false, and nothing changed, where there is one.
    pub fn insert(&self, key: &str, row: T) -> bool {
        self.insert_shared(&Arc::from(key), row)
    }

    /// Like [`Table::insert`], for rows that know their key themselves.
    pub(crate) fn insert_shared(&self, key: &Arc<str>, row: T) -> bool {
        let mut rows = lock(&self.rows);
        if rows.contains_key(key) {
            return false;
        }
        self.save(key, &row);
        rows.insert(Arc::clone(key), row);
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
        let (kept, mut row) = rows.remove_entry(key).unzip();
        let result = change(&mut row);
        match row {
            Some(row) => {
                self.save(key, &row);
                rows.insert(kept.unwrap_or_else(|| Arc::from(key)), row);
            }
            None if kept.is_some() => self.store.write(self.name, key, None),
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
        let from_prefix = rows.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let within = from_prefix.take_while(|(key, _)| key.starts_with(prefix));
        within
            .map(|(key, row)| (key.to_string(), row.clone()))
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
            Ok(value) => self
                .store
                .write(self.name, key, Some(Bytes::from(value).into())),
            Err(error) => tracing::error!(table = self.name, key, %error, "row cannot be stored"),
        }
    }
}

/// Sets a row; one that is there keeps its key.
fn replace<T>(rows: &mut BTreeMap<Arc<str>, T>, key: &str, row: T) -> Option<T> {
    match rows.get_mut(key) {
        Some(before) => Some(std::mem::replace(before, row)),
        None => rows.insert(Arc::from(key), row),
    }
}
