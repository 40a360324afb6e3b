//! The events service (EventBridge): buses, rules on patterns and schedules, and targets that are
//! really started.
//!
//! Archives, replays, connections, API destinations and partner sources are not built.

mod bus;
mod deliver;
mod event_pattern;
mod input;
mod permission;
mod put_events;
mod rule;
mod schedule;
mod state;
mod tag;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::{Aws, AwsError, Call, Reply, Service, Table};
use state::{Bus, Rule};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Events(Arc::new(Inner {
        aws: aws.clone(),
        buses: aws.store().table("events.buses"),
        rules: aws.store().table("events.rules"),
        schedules_changed: Notify::new(),
    })))
}

struct Events(Arc<Inner>);

struct Inner {
    aws: Aws,
    buses: Table<Bus>,
    rules: Table<Rule>,
    /// Wakes the job that waits for the next schedule.
    schedules_changed: Notify,
}

#[async_trait]
impl Service for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match call.action.as_str() {
            "CreateEventBus" => inner.create_event_bus(&call),
            "DescribeEventBus" => inner.describe_event_bus(&call),
            "UpdateEventBus" => inner.update_event_bus(&call),
            "DeleteEventBus" => inner.delete_event_bus(&call),
            "ListEventBuses" => inner.list_event_buses(&call),
            "PutPermission" => inner.put_permission(&call),
            "RemovePermission" => inner.remove_permission(&call),
            "PutRule" => inner.put_rule(&call),
            "DescribeRule" => inner.describe_rule(&call),
            "EnableRule" => inner.set_state(&call, "ENABLED"),
            "DisableRule" => inner.set_state(&call, "DISABLED"),
            "DeleteRule" => inner.delete_rule(&call),
            "ListRules" => inner.list_rules(&call),
            "PutTargets" => inner.put_targets(&call),
            "RemoveTargets" => inner.remove_targets(&call),
            "ListTargetsByRule" => inner.list_targets_by_rule(&call),
            "ListRuleNamesByTarget" => inner.list_rule_names_by_target(&call),
            "PutEvents" => inner.put_events(&call),
            "TestEventPattern" => event_pattern::test_event_pattern(&call),
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "ListTagsForResource" => inner.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("events", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        let inner = Arc::clone(&self.0);
        self.0
            .aws
            .spawn(async move { inner.keep_schedules().await });
    }
}
