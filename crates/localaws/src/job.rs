//! A job that runs beside its caller, and the wait for its result.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::Clock;

/// A running job. Dropping it leaves the job running; awaiting it gives the result, or nothing if
/// the job was aborted or panicked.
#[derive(Debug)]
pub struct Job<T> {
    task: AbortHandle,
    result: oneshot::Receiver<T>,
}

impl<T: Send + 'static> Job<T> {
    /// Starts a job that counts as in flight whenever it can make progress.
    ///
    /// The result goes through a channel and not through the runtime's own handle: that one wakes
    /// who waits only after the job's last poll, and virtual time would pass in between.
    pub(crate) fn start(clock: &Clock, job: impl Future<Output = T> + Send + 'static) -> Self {
        let (sender, result) = oneshot::channel();
        let task = tokio::spawn(clock.track(async move {
            // Nobody may be waiting.
            let _ = sender.send(job.await);
        }));
        Self {
            task: task.abort_handle(),
            result,
        }
    }

    /// What ends the job wherever it waits.
    pub fn abort_handle(&self) -> AbortHandle {
        self.task.clone()
    }
}

impl<T> Future for Job<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.result).poll(context).map(Result::ok)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn no_time_passes_between_a_result_and_who_waits_for_it() {
        let clock = Clock::fast();
        let began = clock.now();
        let still = clock.busy();
        let sleeper = clock.clone();
        let asleep = Job::start(&clock, async move {
            sleeper.sleep(Duration::from_secs(86_400)).await;
        });
        let inner = Job::start(&clock, async { "done" });
        let watch = clock.clone();
        let outer = Job::start(&clock, async move { (inner.await, watch.now()) });
        drop(still);
        assert_eq!(outer.await, Some((Some("done"), began)));
        assert_eq!(asleep.await, Some(()));
        assert!(clock.now() > began);
    }
}
