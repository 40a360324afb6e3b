//! `contend`: decides what becomes of a run that finds the lock taken.
//!
//! The workflow waits with a token, so an answer is given with `SendTaskSuccess`: at once, or, for
//! a run in the queue, by [`finish`](crate::finish) of the run before it. Nothing waits here.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock::{Lock, TRIES, Waiter, busy, release};
use crate::ports::{Locks, Runs, Tasks, any_lives, group};
use crate::prepare::{Contention, Overlap};
use crate::run::name_of;
use crate::{Error, Run, log};

/// What the workflow asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The token that the workflow waits with.
    pub token: String,
    /// The execution.
    pub run: Run,
    /// When the workflow came here, ISO 8601.
    pub at: String,
    /// What was prepared for this.
    pub job: Contention,
}

/// Decides, and says so unless the run waits in the queue.
pub async fn handle(request: Request, port: &(impl Locks + Runs + Tasks)) -> Result<Value, Error> {
    let decision = decide(&request, port).await?;
    let what = match &decision {
        Some(decision) => {
            // False if the execution has gone meanwhile, or was told by whoever gave it the lock.
            port.wake(&request.token, decision).await?;
            decision.clone()
        }
        None => json!({ "decision": "queue" }),
    };
    log::info(
        "decided",
        json!({ "run": request.run.name, "decision": what["decision"] }),
    );
    Ok(what)
}

/// The decision; none for a run that waits in the queue.
async fn decide(
    request: &Request,
    port: &(impl Locks + Runs + Tasks),
) -> Result<Option<Value>, Error> {
    let Request { run, job, at, .. } = request;
    let table = job.table.as_str();
    let key = run.sort_key();
    let counted = port.waiter(table, &key).await?.is_some();
    let mut queued = counted;
    for _ in 0..TRIES {
        let lock = port.lock(table).await?;
        let holder = match lock.holder.clone() {
            Some(holder) if holder == run.arn => {
                if queued {
                    port.delete_waiter(table, &key).await?;
                }
                match settled(port, job, &lock).await? {
                    Some(decision) => return Ok(Some(decision)),
                    None => continue,
                }
            }
            Some(holder) => holder,
            None => {
                let mut mine = lock.held_by(&run.arn, &run.started_at, at);
                mine.waiting = lock.waiting.saturating_sub(u64::from(counted));
                port.swap(table, lock.version, &mine).await?;
                continue;
            }
        };
        if port.status(&holder).await?.as_deref() != Some("RUNNING") {
            release(port, table, &holder, at, true).await?;
            continue;
        }
        let skip = match job.overlap {
            Overlap::Queue if !counted && lock.waiting >= job.queue_limit => Some(format!(
                "{} runs wait in the queue already, which is its limit",
                lock.waiting
            )),
            Overlap::Queue => {
                let waiter = Waiter::of(run, &request.token, at);
                port.put_waiter(table, &waiter).await?;
                queued = true;
                let mut after = lock.next();
                after.waiting += u64::from(!counted);
                if port.swap(table, lock.version, &after).await? {
                    return Ok(None);
                }
                continue;
            }
            Overlap::Replace if is_later(&lock, &holder, run) => Some(format!(
                "the run `{}`, which started later, replaces it",
                name_of(&holder)
            )),
            Overlap::Replace => {
                let cause = format!("replaced by the run `{}`", run.name);
                port.stop_run(&holder, "Job.Replaced", &cause).await?;
                let mut mine = lock.held_by(&run.arn, &run.started_at, at);
                mine.lingering = Some(name_of(&holder).to_owned());
                port.swap(table, lock.version, &mine).await?;
                continue;
            }
            Overlap::Skip | Overlap::Allow => Some(format!(
                "the run `{}` goes on, since {}",
                name_of(&holder),
                lock.held_since.as_deref().unwrap_or("a while")
            )),
        };
        if let Some(reason) = skip {
            if queued {
                port.delete_waiter(table, &key).await?;
            }
            return Ok(Some(json!({
                "decision": "skip", "reason": reason, "heldBy": holder,
            })));
        }
    }
    Err(busy())
}

/// Of two runs that would replace each other, the one that started later stays.
fn is_later(lock: &Lock, holder: &str, run: &Run) -> bool {
    let started = lock.holder_started_at.as_deref().unwrap_or_default();
    (started, name_of(holder)) > (run.started_at.as_str(), run.name.as_str())
}

/// What the holder does: run, or wait while containers of the run before are stopping. None if the
/// lock changed meanwhile.
async fn settled(
    port: &(impl Locks + Tasks),
    job: &Contention,
    lock: &Lock,
) -> Result<Option<Value>, Error> {
    let Some(before) = &lock.lingering else {
        return Ok(Some(json!({ "decision": "run" })));
    };
    let its = format!("{}{before}", job.group_prefix);
    let tasks = group(port, &job.cluster, &job.families, &its).await?;
    if any_lives(&tasks) {
        return Ok(Some(json!({ "decision": "wait" })));
    }
    let mut after = lock.next();
    after.lingering = None;
    let done = port.swap(&job.table, lock.version, &after).await?;
    Ok(done.then(|| json!({ "decision": "run" })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::memory::{Memory, task};

    const NOW: &str = "2026-11-22T11:00:00.000Z";

    fn arn(name: &str) -> String {
        format!("arn:aws:states:eu-west-1:111122223333:execution:job:{name}")
    }

    fn request(name: &str, overlap: Overlap) -> Request {
        Request {
            token: format!("token-{name}"),
            run: Run {
                name: name.to_owned(),
                arn: arn(name),
                started_at: format!("2026-11-22T10:00:00.{:03}Z", name.len()),
            },
            at: NOW.to_owned(),
            job: Contention {
                table: "t".to_owned(),
                overlap,
                queue_limit: 2,
                cluster: "c".to_owned(),
                families: vec!["f".to_owned()],
                group_prefix: "job:".to_owned(),
            },
        }
    }

    /// A table in which this run has the lock.
    async fn held_by(name: &str) -> Memory {
        let port = Memory::default();
        let answer = handle(request(name, Overlap::Skip), &port).await.unwrap();
        assert_eq!(answer["decision"], "run");
        port
    }

    async fn ask(port: &Memory, name: &str, overlap: Overlap) -> Value {
        handle(request(name, overlap), port).await.unwrap()
    }

    fn holder(port: &Memory) -> String {
        name_of(port.state().lock.holder.as_deref().unwrap()).to_owned()
    }

    #[tokio::test]
    async fn a_run_is_skipped_with_the_reason() {
        let port = held_by("a").await;
        let answer = ask(&port, "bb", Overlap::Skip).await;
        assert_eq!(answer["decision"], "skip");
        assert_eq!(answer["heldBy"], arn("a"));
        assert!(
            answer["reason"].as_str().unwrap().contains("`a` goes on"),
            "{answer}"
        );
        assert_eq!(holder(&port), "a");
    }

    #[tokio::test]
    async fn the_queue_has_an_end() {
        let port = held_by("a").await;
        for (name, decision) in [
            ("bb", "queue"),
            ("bb", "queue"),
            ("ccc", "queue"),
            ("dddd", "skip"),
        ] {
            assert_eq!(
                ask(&port, name, Overlap::Queue).await["decision"],
                decision,
                "{name}"
            );
        }
        let state = port.state();
        assert_eq!((state.lock.waiting, state.waiters.len()), (2, 2));
        assert!(state.woken.iter().all(|(token, _)| token != "token-bb"));
    }

    #[tokio::test]
    async fn a_lock_that_comes_free_meanwhile_is_taken() {
        let port = held_by("a").await;
        port.state().rival = Some(|state| {
            let free = Lock {
                holder: None,
                ..state.lock.next()
            };
            state.lock = free;
        });
        assert_eq!(ask(&port, "bb", Overlap::Queue).await["decision"], "run");
        assert_eq!(holder(&port), "bb");
        assert!(port.state().waiters.is_empty());
    }

    #[tokio::test]
    async fn a_holder_that_is_gone_is_followed_once_its_containers_are() {
        let port = held_by("a").await;
        port.state().statuses.insert(arn("a"), "ABORTED".to_owned());
        port.state()
            .tasks
            .push(task("t/1", "job:a", "DEPROVISIONING"));
        for _ in 0..2 {
            assert_eq!(ask(&port, "bb", Overlap::Skip).await["decision"], "wait");
        }
        assert_eq!(holder(&port), "bb");
        port.state().tasks = vec![
            task("t/1", "job:a", "STOPPED"),
            task("t/2", "job:x", "RUNNING"),
        ];
        assert_eq!(ask(&port, "bb", Overlap::Skip).await["decision"], "run");
    }

    #[tokio::test]
    async fn the_latest_run_replaces_the_others() {
        let port = held_by("bb").await;
        assert_eq!(ask(&port, "a", Overlap::Replace).await["decision"], "skip");
        assert_eq!(ask(&port, "ccc", Overlap::Replace).await["decision"], "run");
        assert_eq!(holder(&port), "ccc");
        assert_eq!(port.state().stopped_runs, [arn("bb")]);
    }
}
