//! The events service (EventBridge): buses, rules on patterns and schedules, and targets that are
//! really started.
//!
//! Archives, replays, API destinations and partner sources are not built.

mod bus;
mod connections;
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
use serde_json::Value;
use tokio::sync::Notify;

use crate::http_client::HttpClient;
use crate::tags::Tagged;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use connections::Connection;
use state::{Bus, Rule};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Events(Arc::new(Inner {
        aws: aws.clone(),
        buses: aws.store().table("events.buses"),
        rules: aws.store().table("events.rules"),
        connections: aws.store().table("events.connections"),
        secrets: aws.store().table("events.connection-secrets"),
        http: HttpClient::default(),
        schedules_changed: Notify::new(),
    })))
}

struct Events(Arc<Inner>);

struct Inner {
    aws: Aws,
    buses: Table<Bus>,
    rules: Table<Rule>,
    connections: Table<Connection>,
    /// Parameters of connections, secrets included, by the same keys.
    secrets: Table<Value>,
    http: HttpClient,
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
            "CreateConnection" => inner.create_connection(&call),
            "DescribeConnection" => inner.describe_connection(&call),
            "ListConnections" => inner.list_connections(&call),
            "UpdateConnection" => inner.update_connection(&call),
            "DeauthorizeConnection" => inner.deauthorize_connection(&call),
            "DeleteConnection" => inner.delete_connection(&call),
            "RetrieveConnectionCredentials" => inner.retrieve_connection_credentials(&call).await,
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "ListTagsForResource" => inner.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("events", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        self.0.resume_connections();
        let inner = Arc::clone(&self.0);
        self.0
            .aws
            .spawn(async move { inner.keep_schedules().await });
    }
}
