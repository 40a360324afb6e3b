//! Word that a resource changed, so that who waits for its end need not ask again and again.
//!
//! Says only which resource, by its ARN: what became of it is asked of its service, by AWS's API.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot::{self, Receiver, Sender};

/// Who waits for a change of which resource.
#[derive(Default)]
pub(crate) struct Changes {
    waiting: Mutex<HashMap<String, Vec<Sender<()>>>>,
}

impl Changes {
    /// Hears of the next change from now on. Listen first and look then, so that no change slips
    /// through in between.
    pub(crate) fn listen(&self, arn: &str) -> Receiver<()> {
        let (tell, hear) = oneshot::channel();
        let mut waiting = self.waiting();
        let of_this = waiting.entry(arn.to_owned()).or_default();
        of_this.retain(|tell| !tell.is_closed());
        of_this.push(tell);
        hear
    }

    /// Tells everyone who listens.
    pub(crate) fn tell(&self, arn: &str) {
        let heard = self.waiting().remove(arn);
        for tell in heard.into_iter().flatten() {
            // Who no longer listens is not told.
            let _ = tell.send(());
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Vec<Sender<()>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Changes({} awaited)", self.waiting().len())
    }
}
