//! `AWS::StepFunctions::StateMachineAlias`. `Ref` is the alias's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::deployment;
use crate::resources::handler::Handler;
use crate::resources::values::{camel, differs, pascal, rename, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct StateMachineAlias;

#[async_trait]
impl Handler for StateMachineAlias {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = rename(properties, &[("Description", "description")]);
        set(
            &mut input,
            "name",
            match text(properties, "Name") {
                "" => at.short_name(80),
                name => name.to_owned(),
            },
        );
        // A new alias has nothing to shift from: all goes to the version at once.
        set(&mut input, "routingConfiguration", target(properties)?);
        let made = at
            .call("stepfunctions", "CreateStateMachineAlias", input)
            .await?;
        Ok(text(&made, "stateMachineAliasArn").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if differs(before, after, "Description") {
            let input = json!({
                "stateMachineAliasArn": physical_id, "description": text(after, "Description"),
            });
            at.call("stepfunctions", "UpdateStateMachineAlias", input)
                .await?;
        }
        let target = target(after)?;
        match after.get("DeploymentPreference") {
            Some(preference) => deployment::shift(at, physical_id, preference).await,
            None => deployment::route(at, physical_id, target).await,
        }
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "stateMachineAliasArn": physical_id });
        at.call("stepfunctions", "DeleteStateMachineAlias", input)
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "stateMachineAliasArn": physical_id });
        let found = at
            .find("stepfunctions", "DescribeStateMachineAlias", input)
            .await?;
        Ok(found.map(|found| {
            let mut live = rename(&found, &[("description", "Description"), ("name", "Name")]);
            set(&mut live, "Arn", physical_id);
            let (machine, _) = physical_id.rsplit_once(':').unwrap_or_default();
            set(&mut live, "StateMachineArn", machine);
            if let Some(routing) = found.get("routingConfiguration") {
                set(&mut live, "RoutingConfiguration", pascal(routing));
            }
            live
        }))
    }
}

/// Where the alias leads in the end.
fn target(properties: &Value) -> Result<Value, Failure> {
    match (
        properties.get("RoutingConfiguration"),
        properties.get("DeploymentPreference"),
    ) {
        (Some(routing), None) => Ok(camel(routing)),
        (None, Some(preference)) => Ok(json!([
            { "stateMachineVersionArn": text(preference, "StateMachineVersionArn"), "weight": 100 }
        ])),
        _ => Err(Failure::invalid(
            "Exactly one of RoutingConfiguration and DeploymentPreference must be given",
        )),
    }
}
