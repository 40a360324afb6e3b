//! What follows a failure: the policy's answer, and when.

use super::{Class, Ended, Failed, Next};
use crate::prepare::{Answer, Policy};

/// Seconds after which a container that was told to stop is killed, at the latest on Fargate (120),
/// and a bit. Another attempt before that could meet it.
const STOPPING: u64 = 130;

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Follows {
    pub(super) next: Next,
    pub(super) attempt: u64,
    pub(super) interruptions: u64,
    pub(super) spot: bool,
    /// Seconds to wait, from and to.
    pub(super) delay: (u64, u64),
}

/// Interruptions of Spot, and vain waits for its capacity, are no attempts: after some of them the
/// run goes on with on-demand capacity, so they come to an end.
pub(super) fn follow(ended: &Ended, failed: &Failed, stopping: bool) -> Follows {
    let policy = &failed.job.policy;
    let of_spot = failed.spot && matches!(ended.class, Class::Spot | Class::Capacity);
    let interruptions = failed.interruptions + u64::from(of_spot);
    let answer = answer(ended, policy);
    let again = answer == Answer::Retry && (of_spot || failed.attempt < policy.attempts);
    let next = match answer {
        Answer::Ignore => Next::Succeed,
        _ if again => Next::Retry,
        _ => Next::Fail,
    };
    let tries = failed.attempt + failed.interruptions;
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    let delay = policy
        .backoff_seconds
        .saturating_mul(2_u64.saturating_pow(doublings))
        .min(policy.max_backoff_seconds);
    let (from, to) = (delay / 2, delay);
    Follows {
        next,
        attempt: failed.attempt + u64::from(again && !of_spot),
        interruptions,
        spot: failed.spot && interruptions < policy.spot_interruptions.max(1),
        delay: match stopping {
            true => (from.max(STOPPING), to.max(STOPPING)),
            false => (from, to),
        },
    }
}

fn answer(ended: &Ended, policy: &Policy) -> Answer {
    if ended.class == Class::None {
        return Answer::Ignore;
    }
    let code = ended.exit_code.map(|code| format!("exit:{code}"));
    let code = code.filter(|_| ended.class == Class::Exit);
    let of_code = code.and_then(|code| policy.on_failure.get(&code));
    let answer = of_code.or_else(|| policy.on_failure.get(ended.class.word()));
    answer.copied().unwrap_or(Answer::Fail)
}
