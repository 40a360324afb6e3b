//! The timers of all executions, and the one job that waits for the next of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asl::{Signal, TimerId};
use jiff::Timestamp;
use tokio::sync::Notify;

use super::super::States;
use super::Running;

/// A timer's time and its number, which orders timers of the same time.
pub(super) type Key = (Timestamp, u64);

/// Timers by time.
#[derive(Debug, Default)]
pub(super) struct Timers {
    waiting: Mutex<Waiting>,
    earlier: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    made: u64,
    due: BTreeMap<Key, (Arc<Running>, TimerId)>,
}

impl Timers {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set(&self, at: Timestamp, running: &Arc<Running>, timer: TimerId) -> Key {
        let mut waiting = self.waiting();
        waiting.made += 1;
        let key = (at, waiting.made);
        waiting.due.insert(key, (Arc::clone(running), timer));
        if waiting
            .due
            .first_key_value()
            .is_some_and(|(first, _)| *first == key)
        {
            self.earlier.notify_one();
        }
        key
    }

    pub(super) fn cancel(&self, key: Key) {
        self.waiting().due.remove(&key);
    }

    fn next(&self) -> Option<Timestamp> {
        let waiting = self.waiting();
        waiting.due.first_key_value().map(|((at, _), _)| *at)
    }

    fn pop(&self, now: Timestamp) -> Option<(Arc<Running>, TimerId)> {
        let mut waiting = self.waiting();
        let first = waiting.due.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }
}

impl States {
    /// Starts the job that fires timers.
    pub(super) fn keep_time(self: &Arc<Self>) {
        let states = Arc::clone(self);
        self.aws.spawn(async move {
            let timers = &states.runner.timers;
            loop {
                while let Some((running, timer)) = timers.pop(states.aws.clock().now()) {
                    states.tell(&running, Signal::TimerFired { timer });
                }
                let earlier = timers.earlier.notified();
                match timers.next() {
                    None => earlier.await,
                    Some(at) => tokio::select! {
                        () = states.aws.clock().sleep_until(at) => {}
                        () = earlier => {}
                    },
                }
            }
        });
    }
}
