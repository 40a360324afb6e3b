//! Values that are made once a key and shared.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A map of shared values.
pub(super) struct Cache<T> {
    values: Mutex<HashMap<String, Arc<T>>>,
}

impl<T> Cache<T> {
    /// The value of a key, made when it is not there. Two callers at once may both make it.
    pub(super) fn get_or<E>(
        &self,
        key: &str,
        make: impl FnOnce() -> Result<Arc<T>, E>,
    ) -> Result<Arc<T>, E> {
        if let Some(found) = self.lock().get(key) {
            return Ok(Arc::clone(found));
        }
        let made = make()?;
        self.lock().insert(key.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    pub(super) fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<T>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self {
            values: Mutex::default(),
        }
    }
}

impl<T> fmt::Debug for Cache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("len", &self.lock().len())
            .finish()
    }
}
