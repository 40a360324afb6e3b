//! Large values by key, read when asked for and not before.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;

use super::{Store, lock};

/// Large values by key, kept apart from tables so that reading a table does not load them.
#[derive(Debug)]
pub struct Blobs {
    pub(super) name: &'static str,
    pub(super) store: Store,
    pub(super) memory: Mutex<BTreeMap<String, Blob>>,
}

/// A blob's bytes, or how to make them.
///
/// What is costly to write out is made by whoever needs the bytes first: the thread that writes
/// the file, or a reader.
#[derive(Clone)]
pub(crate) enum Blob {
    Ready(Bytes),
    Later(Arc<Later>),
}

/// Bytes that are made once, when somebody needs them.
pub(crate) struct Later {
    made: OnceLock<Bytes>,
    make: Mutex<Option<Make>>,
}

type Make = Box<dyn FnOnce() -> Bytes + Send>;

impl Later {
    fn bytes(&self) -> &Bytes {
        self.made.get_or_init(|| {
            let make = lock(&self.make).take();
            make.map(|make| make()).unwrap_or_default()
        })
    }
}

impl Blob {
    pub(super) fn bytes(&self) -> Bytes {
        match self {
            Self::Ready(bytes) => bytes.clone(),
            Self::Later(later) => later.bytes().clone(),
        }
    }

    /// Bytes that it keeps in memory, about.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Ready(bytes) => bytes.len(),
            Self::Later(_) => 64 * 1024,
        }
    }
}

impl From<Bytes> for Blob {
    fn from(bytes: Bytes) -> Self {
        Self::Ready(bytes)
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready(_) => "Ready",
            Self::Later(_) => "Later",
        })
    }
}

impl Blobs {
    /// The blob's bytes.
    pub fn get(&self, key: &str) -> Option<Bytes> {
        let Some(disk) = self.store.disk() else {
            let blob = lock(&self.memory).get(key).cloned();
            return blob.map(|blob| blob.bytes());
        };
        disk.get(self.name, key)
    }

    /// Sets the blob.
    pub fn put(&self, key: &str, value: Bytes) {
        self.set(key, value.into());
    }

    /// Sets the blob to what a function makes, which is called when the bytes are needed.
    pub(crate) fn put_later(&self, key: &str, make: impl FnOnce() -> Bytes + Send + 'static) {
        let later = Later {
            made: OnceLock::new(),
            make: Mutex::new(Some(Box::new(make))),
        };
        self.set(key, Blob::Later(Arc::new(later)));
    }

    fn set(&self, key: &str, value: Blob) {
        if self.store.is_durable() {
            self.store.write(self.name, key, Some(value));
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
                .map(|(key, value)| (key.clone(), value.bytes()))
                .collect();
        };
        disk.scan(self.name, prefix)
    }

    /// Removes all blobs whose keys begin with `prefix`.
    pub fn remove_all(&self, prefix: &str) {
        if let Some(disk) = self.store.disk() {
            return disk.remove_all(self.name, prefix);
        }
        let mut memory = lock(&self.memory);
        let from = memory.range(prefix.to_owned()..);
        let within = from.take_while(|(key, _)| key.starts_with(prefix));
        let keys: Vec<String> = within.map(|(key, _)| key.clone()).collect();
        for key in keys {
            memory.remove(&key);
        }
    }
}
