//! The time of a virtual clock and the timers that wait for it.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use jiff::Timestamp;

#[derive(Clone)]
pub(super) struct VirtualTime {
    state: Arc<Mutex<State>>,
}

struct State {
    now: Timestamp,
    /// How many things are in flight; time passes only at zero.
    busy: usize,
    /// Timers by time, then by order of their making.
    timers: BTreeMap<(Timestamp, u64), Timer>,
    made: u64,
    /// How many of the timers make time pass.
    pushing: usize,
}

struct Timer {
    waker: Waker,
    pushes: bool,
}

impl VirtualTime {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                now,
                busy: 0,
                timers: BTreeMap::new(),
                made: 0,
                pushing: 0,
            })),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state().now
    }

    pub(super) fn enter(&self) {
        self.state().busy += 1;
    }

    pub(super) fn leave(&self) {
        let mut state = self.state();
        debug_assert!(state.busy > 0, "more ends than beginnings");
        state.busy = state.busy.saturating_sub(1);
        let waker = state.jump();
        drop(state);
        wake(waker);
    }

    pub(super) fn sleep_until(&self, at: Timestamp, pushes: bool) -> Sleep {
        Sleep {
            time: self.clone(),
            at,
            pushes,
            timer: None,
        }
    }
}

impl State {
    /// Passes time to the next timer, when nothing is in flight and something asks for it.
    ///
    /// The timer's sleeper counts as in flight until it has been polled (see [`Sleep`]), so the
    /// next jump comes only when its work is done.
    fn jump(&mut self) -> Option<Waker> {
        if self.busy > 0 || self.pushing == 0 {
            return None;
        }
        let ((at, _), timer) = self.timers.pop_first()?;
        self.now = self.now.max(at);
        self.pushing -= usize::from(timer.pushes);
        self.busy += 1;
        Some(timer.waker)
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A wait for a virtual time.
pub(super) struct Sleep {
    time: VirtualTime,
    at: Timestamp,
    pushes: bool,
    /// The timer's key once it was made. Made and no longer listed means fired: the jump that
    /// fired it counted this sleeper as in flight.
    timer: Option<(Timestamp, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let time = self.time.clone();
        let mut state = time.state();
        if let Some(key) = self.timer {
            if let Some(timer) = state.timers.get_mut(&key) {
                timer.waker.clone_from(context.waker());
                return Poll::Pending;
            }
            self.timer = None;
            drop(state);
            time.leave();
            return Poll::Ready(());
        }
        if self.at <= state.now {
            return Poll::Ready(());
        }
        state.made += 1;
        let key = (self.at, state.made);
        let timer = Timer {
            waker: context.waker().clone(),
            pushes: self.pushes,
        };
        state.timers.insert(key, timer);
        state.pushing += usize::from(self.pushes);
        self.timer = Some(key);
        let waker = state.jump();
        drop(state);
        wake(waker);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let Some(key) = self.timer else { return };
        let mut state = self.time.state();
        match state.timers.remove(&key) {
            Some(timer) => state.pushing -= usize::from(timer.pushes),
            None => {
                // Fired, but dropped before it was polled.
                drop(state);
                self.time.leave();
            }
        }
    }
}

impl fmt::Debug for VirtualTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VirtualTime").field(&self.now()).finish()
    }
}
