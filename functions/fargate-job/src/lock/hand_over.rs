//! Letting the lock go: to the run that is first in the queue, if there is one.

use serde_json::json;

use super::{Lock, TRIES, Waiter, Wake, busy};
use crate::Error;
use crate::ports::{Locks, Runs};
use crate::run::name_of;

/// Takes a run out of everything: out of the queue if it is there, and the lock out of its hands.
///
/// `lingers` says that its containers may still be stopping. Doing it again does nothing.
pub(crate) async fn leave(
    port: &(impl Locks + Runs),
    table: &str,
    (arn, key): (&str, &str),
    now: &str,
    lingers: bool,
) -> Result<(), Error> {
    if port.waiter(table, key).await?.is_some() {
        port.delete_waiter(table, key).await?;
        count_out(port, table, arn).await?;
    }
    release(port, table, arn, now, lingers).await
}

/// Whoever read the queue before the row went must find the lock changed.
async fn count_out(port: &impl Locks, table: &str, arn: &str) -> Result<(), Error> {
    for _ in 0..TRIES {
        let lock = port.lock(table).await?;
        let mut after = lock.next();
        after.waiting = lock.waiting.saturating_sub(1);
        if lock.is_held_by(arn) || port.swap(table, lock.version, &after).await? {
            return Ok(());
        }
    }
    Err(busy())
}

/// Lets the lock go if the execution has it. Delivers, besides, what an earlier call had not come to.
pub(crate) async fn release(
    port: &(impl Locks + Runs),
    table: &str,
    arn: &str,
    now: &str,
    lingers: bool,
) -> Result<(), Error> {
    let (mut arn, mut lingers) = (arn.to_owned(), lingers);
    for _ in 0..TRIES {
        let lock = port.lock(table).await?;
        if let Some(wake) = &lock.wake {
            let gone = !deliver(port, table, &lock, wake).await?;
            if gone && let Some(holder) = lock.holder {
                // It sat in the queue, so it has no containers.
                (arn, lingers) = (holder, false);
            }
            continue;
        }
        if !lock.is_held_by(&arn) {
            return Ok(());
        }
        let first = port.first_waiter(table).await?;
        let ended = lingers.then(|| name_of(&arn).to_owned());
        let ended = ended.or_else(|| lock.lingering.clone());
        let after = match first {
            Some(waiter) if waiter.execution == arn => {
                port.delete_waiter(table, &waiter.key).await?;
                continue;
            }
            Some(waiter) => handed_to(&lock, waiter, ended, now),
            None => Lock {
                holder: None,
                held_since: None,
                holder_started_at: None,
                lingering: ended,
                waiting: 0,
                ..lock.next()
            },
        };
        port.swap(table, lock.version, &after).await?;
    }
    Err(busy())
}

fn handed_to(lock: &Lock, waiter: Waiter, lingering: Option<String>, now: &str) -> Lock {
    let decision = if lingering.is_some() { "wait" } else { "run" };
    Lock {
        lingering,
        waiting: lock.waiting.saturating_sub(1),
        wake: Some(Wake {
            key: waiter.key,
            token: waiter.token,
            decision: json!({ "decision": decision }),
        }),
        ..lock.held_by(&waiter.execution, &waiter.started_at, now)
    }
}

/// Tells the holder that it has the lock; false if it is gone.
async fn deliver(
    port: &(impl Locks + Runs),
    table: &str,
    lock: &Lock,
    wake: &Wake,
) -> Result<bool, Error> {
    port.delete_waiter(table, &wake.key).await?;
    let mut here = port.wake(&wake.token, &wake.decision).await?;
    if !here && let Some(holder) = &lock.holder {
        // It may have heard of it already, from a call that got no further than that.
        here = port.status(holder).await?.as_deref() == Some("RUNNING");
    }
    let mut after = lock.next();
    after.wake = None;
    port.swap(table, lock.version, &after).await?;
    Ok(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::memory::Memory;
    use crate::run::Run;

    const NOW: &str = "2026-11-22T11:00:00.000Z";

    fn run(name: &str) -> Run {
        Run {
            name: name.to_owned(),
            arn: format!("arn:aws:states:eu-west-1:111122223333:execution:job:{name}"),
            started_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }

    /// `a` has the lock, the others wait in this order.
    fn queue(names: &[&str]) -> Memory {
        let port = Memory::default();
        let mut state = port.state();
        let a = run("a");
        state.lock = Lock::default().held_by(&a.arn, &a.started_at, NOW);
        state.lock.waiting = names.len() as u64;
        for name in names {
            let waiter = Waiter::of(&run(name), &format!("token-{name}"), NOW);
            state.waiters.insert(waiter.key.clone(), waiter);
        }
        drop(state);
        port
    }

    async fn leaves(port: &Memory, name: &str, lingers: bool) {
        let run = run(name);
        let who = (run.arn.as_str(), &*run.sort_key());
        leave(port, "t", who, NOW, lingers).await.unwrap();
    }

    fn holder(port: &Memory) -> Option<String> {
        let holder = port.state().lock.holder.clone();
        holder.map(|arn| name_of(&arn).to_owned())
    }

    #[tokio::test]
    async fn the_lock_goes_through_the_queue_in_order() {
        let port = queue(&["c", "b"]);
        for (leaving, next) in [("a", Some("b")), ("b", Some("c")), ("c", None)] {
            leaves(&port, leaving, false).await;
            assert_eq!(holder(&port).as_deref(), next);
            leaves(&port, leaving, false).await;
            assert_eq!(holder(&port).as_deref(), next, "again");
        }
        let state = port.state();
        let told: Vec<_> = state
            .woken
            .iter()
            .map(|(token, _)| token.as_str())
            .collect();
        assert_eq!(told, ["token-b", "token-c"]);
        assert_eq!(state.woken[0].1, json!({"decision": "run"}));
        assert!(state.waiters.is_empty() && state.lock.waiting == 0 && state.lock.wake.is_none());
    }

    #[tokio::test]
    async fn who_is_gone_is_passed_over_and_who_was_stopped_lingers() {
        let port = queue(&["b", "c"]);
        port.state().void_tokens.push("token-b".to_owned());
        port.state()
            .statuses
            .insert(run("b").arn, "ABORTED".to_owned());
        leaves(&port, "a", true).await;
        assert_eq!(holder(&port).as_deref(), Some("c"));
        let state = port.state();
        assert_eq!(state.lock.lingering.as_deref(), Some("a"));
        assert_eq!(
            state.woken,
            [("token-c".to_owned(), json!({"decision": "wait"}))]
        );
    }

    #[tokio::test]
    async fn a_run_leaves_the_queue() {
        let port = queue(&["b", "c"]);
        leaves(&port, "b", true).await;
        assert_eq!(holder(&port).as_deref(), Some("a"));
        assert_eq!(port.state().lock.waiting, 1);
        leaves(&port, "a", false).await;
        assert_eq!(holder(&port).as_deref(), Some("c"));
    }

    #[tokio::test]
    async fn word_that_was_not_delivered_is_delivered_by_the_next_call() {
        let port = queue(&["b"]);
        let lock = port.state().lock.clone();
        let waiter = port.state().waiters.values().next().cloned().unwrap();
        // The call that handed the lock over got no further.
        port.state().lock = handed_to(&lock, waiter, None, NOW);
        leaves(&port, "a", false).await;
        assert_eq!(port.state().woken.len(), 1);
        assert_eq!(holder(&port).as_deref(), Some("b"));
        // A second delivery finds the token used, but the run goes on.
        port.state().void_tokens.push("token-b".to_owned());
        port.state().lock.wake = Some(Wake {
            key: "b".to_owned(),
            token: "token-b".to_owned(),
            decision: json!({}),
        });
        leaves(&port, "a", false).await;
        assert_eq!(holder(&port).as_deref(), Some("b"));
    }

    #[tokio::test]
    async fn a_run_that_joins_while_the_lock_is_let_go_is_seen() {
        let port = queue(&[]);
        port.state().rival = Some(|state| {
            let waiter = Waiter::of(&run("b"), "token-b", NOW);
            state.waiters.insert(waiter.key.clone(), waiter);
            state.lock = state.lock.next();
        });
        leaves(&port, "a", false).await;
        assert_eq!(holder(&port).as_deref(), Some("b"));
    }
}
