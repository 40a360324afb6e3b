//! Asking again and again: how often, and what to put up with meanwhile.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::failure::Result;
use crate::target::Target;

/// How long the network or AWS's throttling may keep a question from being answered before whoever
/// watches gives up.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits between questions: soon at first, then ever more rarely.
///
/// AWS throttles who asks often (`DescribeStackEvents`, `GetExecutionHistory`), so the first
/// question comes after a second there; an endpoint of one's own is asked at once.
#[derive(Debug)]
pub struct Pace {
    first: Duration,
    next: Duration,
    longest: Duration,
    unanswered: Option<Instant>,
}

impl Pace {
    const LONGEST: Duration = Duration::from_secs(4);

    /// The pace that suits a target.
    pub fn new(target: &Target) -> Self {
        let first = match target.endpoint {
            Some(_) => Duration::from_millis(50),
            None => Duration::from_secs(1),
        };
        Self {
            first,
            next: first,
            longest: Self::LONGEST,
            unanswered: None,
        }
    }

    /// Never waits longer than this.
    #[must_use]
    pub fn at_most(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// Waits for the next question, a quarter more or less, so that many who watch do not ask
    /// together.
    pub async fn wait(&mut self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let chance = now.map_or(0, |now| now.subsec_micros() % 500);
        tokio::time::sleep(self.next * (750 + chance) / 1000).await;
        self.next = (self.next * 3 / 2).min(self.longest);
    }

    /// Begins anew, because something happened.
    pub fn hurry(&mut self) {
        self.next = self.first;
    }

    /// The answer; none where it may come later. What cannot be mended by waiting, and what lasts
    /// longer than five minutes, is a failure.
    pub fn forgive<T>(&mut self, answer: Result<T>) -> Result<Option<T>> {
        match answer {
            Ok(answer) => {
                self.unanswered = None;
                Ok(Some(answer))
            }
            Err(failure)
                if failure.passing
                    && self.unanswered.get_or_insert_with(Instant::now).elapsed() < PATIENCE =>
            {
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}
