//! `AWS::ECS::TaskDefinition`. `Ref` is the ARN of the revision; every change makes another one.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::casing::{to_api, to_template};
use super::tags;
use crate::resources::handler::Handler;
use crate::resources::values::{items, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct TaskDefinition;

/// What ECS fills into containers and ports that do not say it.
fn filled(name: &str, value: &Value) -> bool {
    match name {
        "Cpu" => *value == json!(0),
        "Essential" => *value == json!(true),
        "Protocol" => *value == json!("tcp"),
        "HostPort" => true,
        _ => value.as_array().is_some_and(Vec::is_empty),
    }
}

#[async_trait]
impl Handler for TaskDefinition {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut declared = properties.clone();
        if let Some(members) = declared.as_object_mut() {
            members.shift_remove("Tags");
        }
        let mut input = to_api(&declared);
        let family = at.name_or(text(properties, "Family"), 255);
        set(&mut input, "family", family);
        tags::give(&mut input, properties);
        let made = at.call("ecs", "RegisterTaskDefinition", input).await?;
        let made = made.get("taskDefinition").cloned().unwrap_or_default();
        Ok(text(&made, "taskDefinitionArn").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        tags::change(at, physical_id, before, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "taskDefinition": physical_id });
        at.call("ecs", "DeregisterTaskDefinition", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "taskDefinition": physical_id, "include": ["TAGS"] });
        let found = match at.call("ecs", "DescribeTaskDefinition", input).await {
            Ok(found) => found,
            Err(failure) if failure.message.contains("Unable to describe") => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let definition = found.get("taskDefinition").cloned().unwrap_or_default();
        if text(&definition, "status") != "ACTIVE" {
            return Ok(None);
        }
        let mut live = to_template(&definition);
        set(&mut live, "Tags", tags::shown(&found));
        let containers = live
            .get_mut("ContainerDefinitions")
            .and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let mut declared = items(properties, "ContainerDefinitions").iter();
            let declared = declared.find(|one| text(one, "Name") == text(container, "Name"));
            let declared = declared.cloned().unwrap_or_default();
            drop_filled(container, &declared);
            let ports = container
                .get_mut("PortMappings")
                .and_then(Value::as_array_mut);
            for (at, port) in ports.into_iter().flatten().enumerate() {
                let declared = items(&declared, "PortMappings").get(at).cloned();
                drop_filled(port, &declared.unwrap_or_default());
            }
        }
        if let Some(members) = live.as_object_mut() {
            for name in [
                "Revision",
                "Status",
                "RegisteredAt",
                "RegisteredBy",
                "DeregisteredAt",
                "Compatibilities",
            ] {
                members.shift_remove(name);
            }
        }
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let list = "ListTaskDefinitions";
        let found = at
            .pages("ecs", list, json!({}), "taskDefinitionArns", "nextToken")
            .await?;
        let arns = found.iter().filter_map(Value::as_str);
        Ok(arns.map(str::to_owned).collect())
    }
}

/// Takes out what ECS filled in.
fn drop_filled(live: &mut Value, declared: &Value) {
    if let Some(members) = live.as_object_mut() {
        members.retain(|name, value| declared.get(name).is_some() || !filled(name, value));
    }
}
