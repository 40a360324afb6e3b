//! Time for everything that waits: the machine's clock, or a virtual one that jumps.
//!
//! The virtual clock stands still while anything is in flight and jumps to the next timer as soon
//! as nothing is. What is in flight is known exactly, not guessed by waiting a little: a tracked
//! future ([`Clock::track`]) counts from the moment it is woken until its poll ends, so there is
//! no instant between one job's message and another job's wake-up in which time could slip
//! through. Work that happens outside the process (a child process, a container) holds a
//! [`Busy`].

mod tracked;
mod virtual_time;

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use tracked::Tracked;
use virtual_time::VirtualTime;

/// A clock; cheap to clone, and every clone shows the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    time: Option<VirtualTime>,
}

/// Virtual time stands still while one of these lives.
#[derive(Debug)]
#[must_use = "virtual time goes on as soon as this is dropped"]
pub struct Busy {
    time: Option<VirtualTime>,
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Self {
        Self { time: None }
    }

    /// A virtual clock that begins at the machine's time.
    pub fn fast() -> Self {
        Self::fast_from(Timestamp::now())
    }

    /// A virtual clock that begins at a time of one's own.
    pub fn fast_from(start: Timestamp) -> Self {
        Self {
            time: Some(VirtualTime::new(milliseconds(start))),
        }
    }

    /// Whether time is virtual.
    pub fn is_fast(&self) -> bool {
        self.time.is_some()
    }

    /// The time, in whole milliseconds as AWS shows it.
    pub fn now(&self) -> Timestamp {
        match &self.time {
            Some(time) => time.now(),
            None => milliseconds(Timestamp::now()),
        }
    }

    /// Waits until a time; returns at once when it is past.
    ///
    /// Under virtual time this is what makes the clock jump.
    pub async fn sleep_until(&self, at: Timestamp) {
        match &self.time {
            Some(time) => time.sleep_until(at, true).await,
            None => self.sleep_really(at).await,
        }
    }

    /// Waits for a while.
    pub async fn sleep(&self, duration: Duration) {
        let at = self.now().saturating_add(duration);
        self.sleep_until(at.unwrap_or(Timestamp::MAX)).await;
    }

    /// Like [`Clock::sleep_until`] for what recurs for ever (schedules, sweeps): it wakes when
    /// virtual time passes it, but never makes virtual time pass, or an idle clock would run away.
    pub async fn sleep_until_background(&self, at: Timestamp) {
        match &self.time {
            Some(time) => time.sleep_until(at, false).await,
            None => self.sleep_really(at).await,
        }
    }

    /// Counts a future as in flight whenever it can make progress.
    pub fn track<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        Tracked::new(self.time.clone(), future)
    }

    /// Keeps virtual time from passing until the guard is dropped.
    pub fn busy(&self) -> Busy {
        if let Some(time) = &self.time {
            time.enter();
        }
        Busy {
            time: self.time.clone(),
        }
    }

    async fn sleep_really(&self, at: Timestamp) {
        // Wall clocks are set back and forth, so the time left is asked for anew.
        loop {
            let left = at.duration_since(self.now());
            let Ok(left) = Duration::try_from(left) else {
                return;
            };
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(Duration::from_secs(3600))).await;
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(time) = &self.time {
            time.leave();
        }
    }
}

fn milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    /// Lets others go first. Tokio's own `yield_now` keeps the waker back for a moment in which
    /// the task does not count as in flight.
    async fn breathe() {
        let mut again = true;
        std::future::poll_fn(|context| {
            if std::mem::take(&mut again) {
                context.waker().wake_by_ref();
                return std::task::Poll::Pending;
            }
            std::task::Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn a_month_passes_at_once() {
        let clock = Clock::fast_from("2026-01-01T00:00:00Z".parse().unwrap());
        let started = Instant::now();
        clock.sleep(30 * DAY).await;
        assert_eq!(clock.now().to_string(), "2026-01-31T00:00:00Z");
        assert!(started.elapsed() < DAY);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn jobs_wake_in_the_order_of_their_times() {
        let clock = Clock::fast_from("2026-01-01T00:00:00Z".parse().unwrap());
        let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
        let tracker = clock.clone();
        let start = clock.busy();
        for days in [3, 1, 2] {
            let (clock, send) = (clock.clone(), send.clone());
            let job = async move {
                clock.sleep(days * DAY).await;
                // What follows a wake-up happens before the next jump.
                for _ in 0..50 {
                    breathe().await;
                }
                send.send((days, clock.now().to_string())).unwrap();
            };
            tokio::spawn(tracker.track(job));
        }
        drop((start, send));
        let mut seen = Vec::new();
        while let Some(one) = receive.recv().await {
            seen.push(one);
        }
        let days = |n: u32| (n, format!("2026-01-0{}T00:00:00Z", n + 1));
        assert_eq!(seen, [days(1), days(2), days(3)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_time_passes_between_a_message_and_its_receiver() {
        let clock = Clock::fast();
        let began = clock.now();
        let (send, receive) = tokio::sync::oneshot::channel::<()>();
        let (receiver, distraction) = (clock.clone(), clock.clone());
        let start = clock.busy();
        let heard = tokio::spawn(clock.track(async move {
            receive.await.unwrap();
            receiver.now()
        }));
        tokio::spawn(clock.track(async move { distraction.sleep(DAY).await }));
        tokio::spawn(clock.track(async move { send.send(()).unwrap() }));
        drop(start);
        assert_eq!(heard.await.unwrap(), began);
    }

    #[tokio::test]
    async fn background_timers_fire_but_do_not_push() {
        let clock = Clock::fast();
        let began = clock.now();
        let fired = Arc::new(AtomicU32::new(0));
        let (ticking, count) = (clock.clone(), Arc::clone(&fired));
        let ticks = clock.track(async move {
            loop {
                let next = ticking.now().saturating_add(DAY).unwrap();
                ticking.sleep_until_background(next).await;
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        tokio::spawn(ticks);
        tokio::task::yield_now().await;
        assert_eq!(clock.now(), began);
        clock.sleep(7 * DAY + Duration::from_millis(1)).await;
        assert_eq!(fired.load(Ordering::Relaxed), 7);
    }

    #[tokio::test]
    async fn time_stands_still_while_busy() {
        let clock = Clock::fast();
        let began = clock.now();
        let busy = clock.busy();
        let mut sleep = Box::pin(clock.sleep(DAY));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(sleep.as_mut().poll(&mut context).is_pending());
        assert_eq!(clock.now(), began);
        drop(busy);
        sleep.await;
        assert!(clock.now() > began);
    }
}
