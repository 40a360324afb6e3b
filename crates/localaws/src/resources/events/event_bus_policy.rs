//! `AWS::Events::EventBusPolicy`: one statement of a bus's policy. `Ref` is the bus and the
//! statement's id, joined with `|`.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::rule::bus_name;
use crate::resources::handler::Handler;
use crate::resources::values::{items, parsed, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct EventBusPolicy;

#[async_trait]
impl Handler for EventBusPolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let bus = bus_name(text(properties, "EventBusName"));
        let id = format!("{bus}|{}", text(properties, "StatementId"));
        if self.read(at, &id, properties).await?.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, &id));
        }
        put(at, &id, properties).await?;
        Ok(id)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        put(at, physical_id, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let (bus, id) = physical_id.split_once('|').unwrap_or_default();
        let input = json!({ "EventBusName": bus, "StatementId": id });
        at.call("events", "RemovePermission", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let (bus, id) = physical_id.split_once('|').unwrap_or_default();
        let statement = policy(at, bus).await?.and_then(|policy| {
            items(&policy, "Statement")
                .iter()
                .find(|one| text(one, "Sid") == id)
                .cloned()
        });
        Ok(statement.map(|statement| {
            let mut live = pick(properties, &["EventBusName"]);
            set(&mut live, "StatementId", id);
            set(&mut live, "Statement", statement);
            live
        }))
    }
}

async fn policy(at: &At<'_>, bus: &str) -> Result<Option<Value>, Failure> {
    let found = at
        .find("events", "DescribeEventBus", json!({ "Name": bus }))
        .await?;
    let found = found.unwrap_or_default();
    Ok(found.get("Policy").and_then(Value::as_str).map(parsed))
}

/// A whole statement goes in by writing the policy anew, the simple form by itself.
async fn put(at: &At<'_>, physical_id: &str, properties: &Value) -> Result<(), Failure> {
    let (bus, id) = physical_id.split_once('|').unwrap_or_default();
    let mut input = pick(properties, &["Action", "Condition", "Principal"]);
    if let Some(statement) = properties.get("Statement") {
        let mut statement = match statement {
            Value::String(text) => parsed(text),
            other => other.clone(),
        };
        set(&mut statement, "Sid", id);
        let found = policy(at, bus).await?.unwrap_or_default();
        let others = items(&found, "Statement")
            .iter()
            .filter(|one| text(one, "Sid") != id);
        let statements: Vec<Value> = others.cloned().chain([statement]).collect();
        let policy = json!({ "Version": "2012-10-17", "Statement": statements });
        input = json!({ "Policy": policy.to_string() });
    } else {
        set(&mut input, "StatementId", id);
    }
    set(&mut input, "EventBusName", bus);
    at.call("events", "PutPermission", input).await?;
    Ok(())
}
