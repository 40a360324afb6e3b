//! Faults on request: rules by which calls are refused or delayed, and things happen to tasks that
//! chance does elsewhere.
//!
//! A rule names a point: an operation (`ecs:RunTask`), all operations of a service (`dynamodb:*`),
//! or something that happens to a task of ECS (`ecs:pull`, see [`HAPPENINGS`]). Rules are kept in
//! memory only: they end with the program. Jobs that only live on the clock have wishes of their
//! own (`on_request`).

mod refusal;
mod rule;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;

use crate::{Aws, AwsError};
pub use rule::{Given, HAPPENINGS, Rule};

/// The rules that hold.
#[derive(Debug)]
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    /// Their number, so that calls pass by without a lock where there are none.
    count: AtomicUsize,
    changed: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            rules: Mutex::default(),
            count: AtomicUsize::new(0),
            changed: watch::Sender::new(0),
        }
    }
}

impl Faults {
    /// Whether no rule holds.
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Relaxed) == 0
    }

    /// The rules in the order in which they were made.
    pub fn list(&self) -> Vec<Rule> {
        self.rules().clone()
    }

    /// Adds a rule under an id; the error lists every fault of it.
    pub fn add(&self, id: String, given: Given) -> Result<Rule, String> {
        let rule = Rule::new(id, given)?;
        self.rules().push(rule.clone());
        self.note();
        Ok(rule)
    }

    /// Takes a rule back, or all of them; answers how many.
    pub fn remove(&self, id: Option<&str>) -> usize {
        let mut rules = self.rules();
        let before = rules.len();
        rules.retain(|rule| id.is_some_and(|id| id != rule.id));
        let removed = before - rules.len();
        drop(rules);
        self.note();
        removed
    }

    /// Hears of changes of the rules.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The first rule for a point that means what `subject` tells; it counts as used.
    pub(crate) fn take(
        &self,
        service: &str,
        action: &str,
        now: Timestamp,
        subject: impl Fn() -> String,
    ) -> Option<Rule> {
        if self.is_empty() {
            return None;
        }
        let mut rules = self.rules();
        let mut text = None;
        for rule in rules.iter_mut() {
            let holds = rule.is_for(service, action)
                && rule.means(|| text.get_or_insert_with(&subject).as_str())
                && rule.applies(now);
            if holds {
                rule.hits += 1;
                return Some(rule.clone());
            }
        }
        None
    }

    fn note(&self) {
        self.count.store(self.rules().len(), Ordering::Relaxed);
        self.changed.send_modify(|version| *version += 1);
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a rule does to a call before its service hears of it.
pub(crate) async fn strike(
    aws: &Aws,
    service: &str,
    action: &str,
    input: &Value,
) -> Result<(), AwsError> {
    let now = aws.clock().now();
    let Some(rule) = aws
        .faults()
        .take(service, action, now, || input.to_string())
    else {
        return Ok(());
    };
    if let Some(delay) = rule.delay() {
        aws.clock().sleep(delay).await;
    }
    match refusal::of(&rule) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::Door;

    fn given(value: Value) -> Given {
        serde_json::from_value(value).unwrap()
    }

    #[tokio::test]
    async fn calls_are_refused_and_delayed_by_rule() {
        let door = Door::open();
        let (url, _) = door.queue("q").await;
        let faults = door.aws.faults();
        let rule =
            json!({ "at": "sqs:SendMessage", "throttle": true, "times": 1, "when": "hello" });
        faults.add("1".to_owned(), given(rule)).unwrap();
        let send = |body: &str| json!({ "QueueUrl": url, "MessageBody": body });
        door.ok("sqs", "SendMessage", send("other")).await;
        let refused = door
            .call("sqs", "SendMessage", send("hello"))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.status),
            ("RequestThrottled", 400)
        );
        door.ok("sqs", "SendMessage", send("hello")).await;
        assert_eq!(faults.list()[0].hits, 1);
        let rule =
            json!({ "at": "sqs:*", "error": "Odd", "message": "why", "delay": 60, "status": 503 });
        faults.add("2".to_owned(), given(rule)).unwrap();
        let began = door.aws.clock().now();
        let refused = door.call("sqs", "ListQueues", json!({})).await.unwrap_err();
        assert_eq!(
            (
                refused.code.as_str(),
                refused.message.as_str(),
                refused.status
            ),
            ("Odd", "why", 503)
        );
        assert_eq!(door.aws.clock().now().duration_since(began).as_secs(), 60);
        assert_eq!((faults.remove(Some("2")), faults.remove(None)), (1, 1));
        door.ok("sqs", "ListQueues", json!({})).await;
    }

    #[tokio::test]
    async fn a_rate_lets_some_calls_through() {
        let door = Door::open();
        let rule = json!({ "at": "sqs:ListQueues", "throttle": true, "perSecond": 2 });
        door.aws.faults().add("1".to_owned(), given(rule)).unwrap();
        for wanted in [true, true, false, false] {
            assert_eq!(
                door.call("sqs", "ListQueues", json!({})).await.is_ok(),
                wanted
            );
        }
        door.pass(1).await;
        door.ok("sqs", "ListQueues", json!({})).await;
    }

    #[test]
    fn a_wrong_rule_is_refused_with_all_its_faults() {
        let faults = Faults::default();
        let rule = json!({ "at": "ecs:Runtask", "delay": -1, "status": 200 });
        let refused = faults.add("1".to_owned(), given(rule)).unwrap_err();
        assert_eq!(
            refused,
            "`ecs:Runtask` is no operation (do you mean `ecs:RunTask`?); `delay` is no time in \
             seconds; `status` must be between 400 and 599; a rule for calls needs `error`, \
             `throttle` or `delay`"
        );
        for (at, wanted) in [
            (
                "nosuch:Thing",
                "`nosuch` is no service of AWS; a rule for calls needs `error`, `throttle` or `delay`",
            ),
            ("ecs", "`ecs` is no point: it must be `service:Operation`"),
            (
                "s3:pull",
                "`s3:pull` is no operation; a rule for calls needs `error`, `throttle` or `delay`",
            ),
        ] {
            let refused = faults
                .add("1".to_owned(), given(json!({ "at": at })))
                .unwrap_err();
            assert_eq!(refused, wanted);
        }
        assert!(
            faults
                .add("1".to_owned(), given(json!({ "at": "ecs:spot" })))
                .is_ok()
        );
    }
}
