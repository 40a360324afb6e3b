//! Writes that go to the file together.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::blobs::Blob;
use super::disk::after;

/// Writes in the order that matters: first the removals by prefix, then the rows. Of several
/// writes to one row only the last is there.
#[derive(Debug, Default)]
pub(super) struct Batch {
    removed: Vec<(&'static str, String)>,
    rows: BTreeMap<&'static str, BTreeMap<String, Option<Blob>>>,
    weight: usize,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.removed.is_empty()
    }

    /// Bytes that wait, about.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// Sets a row, or removes it.
    pub(super) fn set(&mut self, table: &'static str, key: &str, value: Option<Blob>) {
        self.weight += value.as_ref().map_or(0, Blob::weight);
        let rows = self.rows.entry(table).or_default();
        if let Some(Some(before)) = rows.insert(key.to_owned(), value) {
            self.weight = self.weight.saturating_sub(before.weight());
        }
    }

    /// Removes the rows whose keys begin with a prefix.
    pub(super) fn remove_all(&mut self, table: &'static str, prefix: &str) {
        if let Some(rows) = self.rows.get_mut(table) {
            let from = rows.range(prefix.to_owned()..);
            let within = from.take_while(|(key, _)| key.starts_with(prefix));
            let keys: Vec<String> = within.map(|(key, _)| key.clone()).collect();
            for key in keys {
                if let Some(Some(before)) = rows.remove(&key) {
                    self.weight = self.weight.saturating_sub(before.weight());
                }
            }
        }
        self.removed.push((table, prefix.to_owned()));
    }

    /// What the batch says of a row: nothing, that it is gone, or its value.
    pub(super) fn get(&self, table: &str, key: &str) -> Option<Option<Blob>> {
        if let Some(row) = self.rows.get(table).and_then(|rows| rows.get(key)) {
            return Some(row.clone());
        }
        let mut removed = self.removed.iter();
        let gone = removed.any(|(of, prefix)| *of == table && key.starts_with(prefix.as_str()));
        gone.then_some(None)
    }

    /// Writes everything in one transaction.
    pub(super) fn commit(&self, disk: &mut Connection) -> rusqlite::Result<()> {
        let transaction = disk.transaction()?;
        {
            let mut remove_all = transaction
                .prepare_cached("DELETE FROM rows WHERE tbl = ? AND key >= ? AND key < ?")?;
            for (table, prefix) in &self.removed {
                remove_all.execute(params![table, prefix, after(prefix)])?;
            }
            let mut insert =
                transaction.prepare_cached("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)")?;
            let mut remove =
                transaction.prepare_cached("DELETE FROM rows WHERE tbl = ? AND key = ?")?;
            for (table, rows) in &self.rows {
                for (key, value) in rows {
                    match value {
                        Some(value) => insert.execute(params![table, key, &value.bytes()[..]])?,
                        None => remove.execute(params![table, key])?,
                    };
                }
            }
        }
        transaction.commit()
    }
}
