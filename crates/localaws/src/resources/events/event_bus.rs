//! `AWS::Events::EventBus`. `Ref` is the bus's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    any_differs, differs, document, extend, items, parsed, pick, set, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct EventBus;

const SETTINGS: [&str; 4] = [
    "DeadLetterConfig",
    "Description",
    "KmsKeyIdentifier",
    "LogConfig",
];

#[async_trait]
impl Handler for EventBus {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = pick(properties, &["EventSourceName", "Name"]);
        extend(&mut input, pick(properties, &SETTINGS));
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        at.call("events", "CreateEventBus", input).await?;
        Ok(text(properties, "Name").to_owned())
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        change_policy(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if any_differs(before, after, &SETTINGS) {
            let mut input = pick(after, &SETTINGS);
            set(&mut input, "Name", physical_id);
            at.call("events", "UpdateEventBus", input).await?;
        }
        change_policy(at, physical_id, before, after).await?;
        let arn = at
            .cx
            .scope
            .arn("events", &format!("event-bus/{physical_id}"));
        at.retag("events", ("ResourceARN", &arn), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "Name": physical_id });
        // Deleting what is gone succeeds in EventBridge; a caller wants to know.
        if at
            .find("events", "DescribeEventBus", input.clone())
            .await?
            .is_none()
        {
            return Err(Failure::not_found(&at.cx.type_name, physical_id));
        }
        at.call("events", "DeleteEventBus", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "Name": physical_id });
        let Some(found) = at.find("events", "DescribeEventBus", input).await? else {
            return Ok(None);
        };
        let mut live = pick(&found, &["Arn", "Name"]);
        extend(&mut live, pick(&found, &SETTINGS));
        if let Some(policy) = found.get("Policy").and_then(Value::as_str) {
            set(&mut live, "Policy", parsed(policy));
        }
        let input = json!({ "ResourceARN": text(&found, "Arn") });
        let tags = at
            .find("events", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", items(&tags, "Tags"));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "events",
                "ListEventBuses",
                json!({}),
                "EventBuses",
                "NextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "Name").to_owned())
            .collect())
    }
}

async fn change_policy(
    at: &At<'_>,
    bus: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    if !differs(before, after, "Policy") {
        return Ok(());
    }
    let mut input = json!({ "EventBusName": bus });
    let action = match after.get("Policy") {
        Some(policy) => {
            set(&mut input, "Policy", document(policy));
            "PutPermission"
        }
        None => {
            set(&mut input, "RemoveAllPermissions", true);
            "RemovePermission"
        }
    };
    at.call("events", action, input).await?;
    Ok(())
}
