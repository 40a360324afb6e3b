//! A future that counts as in flight from each wake-up to the end of the poll that follows.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use tokio::task::coop::Unconstrained;

use super::virtual_time::VirtualTime;

pub(super) struct Tracked<F> {
    // Boxed because the crate forbids the unsafe code that pinning in place would need.
    // Unconstrained because a task whose cooperative budget is spent is woken by Tokio itself, a
    // little later, and would not count as in flight meanwhile.
    future: Pin<Box<Unconstrained<F>>>,
    counter: Option<Arc<Counter>>,
}

/// INVARIANT: while `woken` is set, the future is counted once in `time`.
struct Counter {
    time: VirtualTime,
    woken: AtomicBool,
    outer: Mutex<Waker>,
}

impl<F: Future> Tracked<F> {
    pub(super) fn new(time: Option<VirtualTime>, future: F) -> Self {
        let counter = time.map(|time| {
            // A new future has not been polled yet, so it can make progress.
            time.enter();
            Arc::new(Counter {
                time,
                woken: AtomicBool::new(true),
                outer: Mutex::new(Waker::noop().clone()),
            })
        });
        Self {
            future: Box::pin(tokio::task::unconstrained(future)),
            counter,
        }
    }
}

impl<F: Future> Future for Tracked<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Some(counter) = self.counter.clone() else {
            return self.future.as_mut().poll(context);
        };
        let outer = context.waker();
        {
            let mut kept = counter.outer.lock().unwrap_or_else(PoisonError::into_inner);
            if !kept.will_wake(outer) {
                kept.clone_from(outer);
            }
        }
        // From here on the count of the wake-up stands for this poll. A wake-up during the poll
        // counts again, for the next one.
        if !counter.woken.swap(false, Ordering::SeqCst) {
            counter.time.enter();
        }
        let polled = PollEnds(&counter.time);
        let waker = Waker::from(Arc::clone(&counter));
        let result = self.future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(polled);
        result
    }
}

impl<F> Drop for Tracked<F> {
    fn drop(&mut self) {
        if let Some(counter) = &self.counter {
            // A late wake-up of a finished future must not count for ever.
            if counter.woken.swap(true, Ordering::SeqCst) {
                counter.time.leave();
            }
        }
    }
}

/// Ends the count also when the poll panics.
struct PollEnds<'a>(&'a VirtualTime);

impl Drop for PollEnds<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Counted before it is marked: a poll on another thread that sees the mark takes the count
        // over, and ends it.
        self.time.enter();
        if self.woken.swap(true, Ordering::SeqCst) {
            self.time.leave();
        }
        let outer = self
            .outer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        outer.wake();
    }
}
