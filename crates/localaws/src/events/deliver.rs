//! From an event to the targets of the rules that want it.

use serde_json::{Value, json};

use super::state::{Rule, rule_key};
use super::{Inner, event_pattern, input};
use crate::arn::Arn;
use crate::params::Params;
use crate::target::{DeadLetter, Delivery};
use crate::{Aws, Scope};

/// How often a failing target is tried again. AWS goes on for a day with growing pauses; what
/// fails on this machine does not heal by waiting.
const MOST_RETRIES: i64 = 3;

/// An event is handed from bus to bus at most this often, or two buses would do it for ever.
const MOST_HOPS: u32 = 3;

impl Inner {
    /// Hands an event to the rules of a bus. A bus that does not exist swallows it, as on AWS.
    pub(super) fn publish(&self, scope: &Scope, bus: &str, event: Value, hops: u32) {
        for (_, rule) in self.rules.scan(&rule_key(scope, bus, "")) {
            let pattern = rule.pattern.as_deref().filter(|_| rule.is_enabled());
            let pattern = pattern.and_then(|text| event_pattern::compile(text).ok());
            if pattern.is_some_and(|pattern| pattern.matches(&event)) {
                self.trigger(&rule, &event, hops);
            }
        }
    }

    /// Starts the targets of a rule beside the caller.
    pub(super) fn trigger(&self, rule: &Rule, event: &Value, hops: u32) {
        let now = self.aws.clock().now();
        for target in &rule.targets {
            let arn = target.text("Arn").unwrap_or_default();
            let text = input::of_target(target, rule, event, now);
            let to_bus = Arn::parse(arn).filter(|arn| arn.service == "events");
            if let Some(bus) = to_bus {
                let name = bus
                    .resource
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let scope = bus.scope(&rule.scope);
                forward(&self.aws, scope, name, event.clone(), hops);
                continue;
            }
            let group = target
                .get("SqsParameters")
                .and_then(|sqs| sqs.text("MessageGroupId"));
            let delivery = Delivery {
                home: rule.scope.clone(),
                arn: arn.to_owned(),
                text,
                group: group.map(str::to_owned),
                ecs: target.member("EcsParameters").cloned().map(|mut ecs| {
                    let by: String = format!("events-rule/{}", rule.name)
                        .chars()
                        .take(36)
                        .collect();
                    ecs["StartedBy"] = json!(by);
                    ecs
                }),
                at: now,
            };
            let policy = target.get("RetryPolicy");
            let retries = policy.and_then(|policy| policy.number("MaximumRetryAttempts"));
            let retries = retries.unwrap_or(MOST_RETRIES).clamp(0, MOST_RETRIES);
            let dead = target
                .get("DeadLetterConfig")
                .and_then(|dead| dead.filled("Arn"));
            let dead = dead.map(|queue| DeadLetter {
                queue: queue.to_owned(),
                said: vec![("RULE_ARN", rule.arn())],
            });
            let aws = self.aws.clone();
            let retries = u32::try_from(retries).unwrap_or(0);
            self.aws
                .spawn(async move { delivery.insist(&aws, retries, dead.as_ref()).await });
        }
    }
}

/// Hands an event to another bus as it is, through the door that other services use too.
fn forward(aws: &Aws, scope: Scope, bus: String, event: Value, hops: u32) {
    if hops >= MOST_HOPS {
        tracing::warn!(bus, "event goes round in circles and is dropped");
        return;
    }
    let entry = json!({
        "EventBusName": bus,
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": event["detail"].to_string(),
        "Resources": event["resources"],
        "Time": event["time"],
    });
    let sender = aws.clone();
    aws.spawn(async move {
        let caller = format!("service:events/{}", hops + 1);
        let input = json!({ "Entries": [entry] });
        let put = sender.call_as(&caller, &scope, "events", "PutEvents", input);
        if let Err(error) = put.await {
            tracing::warn!(bus, %error, "event not forwarded");
        }
    });
}
