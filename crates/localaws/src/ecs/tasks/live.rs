//! Who is told that a task shall stop.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The tasks that run in this process, by key.
#[derive(Default)]
pub(in crate::ecs) struct Live {
    tasks: Mutex<HashMap<String, Arc<watch::Sender<bool>>>>,
}

impl Live {
    /// Begins to watch a task.
    pub(super) fn begin(&self, key: &str) -> watch::Receiver<bool> {
        let sender = Arc::new(watch::Sender::new(false));
        let receiver = sender.subscribe();
        self.tasks().insert(key.to_owned(), sender);
        receiver
    }

    /// Tells a task to stop.
    pub(super) fn stop(&self, key: &str) {
        if let Some(task) = self.tasks().get(key) {
            task.send_replace(true);
        }
    }

    pub(super) fn end(&self, key: &str) {
        self.tasks().remove(key);
    }

    fn tasks(&self) -> MutexGuard<'_, HashMap<String, Arc<watch::Sender<bool>>>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
