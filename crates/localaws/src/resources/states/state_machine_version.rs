//! `AWS::StepFunctions::StateMachineVersion`. `Ref` is the version's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, rename, set, text};
use crate::resources::{At, Code, Failure};

pub(in crate::resources) struct StateMachineVersion;

#[async_trait]
impl Handler for StateMachineVersion {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let names = [
            ("Description", "description"),
            ("StateMachineArn", "stateMachineArn"),
            ("StateMachineRevisionId", "revisionId"),
        ];
        let input = rename(properties, &names);
        // Step Functions answers the last version again where nothing changed since.
        let lookup = rename(properties, &[("StateMachineArn", "stateMachineArn")]);
        let earlier = at
            .pages(
                "stepfunctions",
                "ListStateMachineVersions",
                lookup,
                "stateMachineVersions",
                "nextToken",
            )
            .await?;
        let made = at
            .call("stepfunctions", "PublishStateMachineVersion", input)
            .await?;
        let arn = text(&made, "stateMachineVersionArn");
        if earlier
            .iter()
            .any(|one| text(one, "stateMachineVersionArn") == arn)
        {
            return Err(Failure::new(
                Code::AlreadyExists,
                format!(
                    "Resource of type '{}' with identifier '{arn}' already exists.",
                    at.cx.type_name
                ),
            ));
        }
        Ok(arn.to_owned())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "stateMachineVersionArn": physical_id });
        at.call("stepfunctions", "DeleteStateMachineVersion", input)
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "stateMachineArn": physical_id });
        let found = at
            .find("stepfunctions", "DescribeStateMachine", input)
            .await?;
        Ok(found.map(|found| {
            let mut live = rename(&found, &[("description", "Description")]);
            let (machine, _) = physical_id.rsplit_once(':').unwrap_or_default();
            set(&mut live, "Arn", physical_id);
            set(&mut live, "StateMachineArn", machine);
            set(
                &mut live,
                "StateMachineRevisionId",
                match text(&found, "revisionId") {
                    "" => "INITIAL",
                    revision => revision,
                },
            );
            live
        }))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let mut arns = Vec::new();
        let machines = at
            .pages(
                "stepfunctions",
                "ListStateMachines",
                json!({}),
                "stateMachines",
                "nextToken",
            )
            .await?;
        for machine in machines {
            let input = rename(&machine, &[("stateMachineArn", "stateMachineArn")]);
            let page = at
                .call("stepfunctions", "ListStateMachineVersions", input)
                .await?;
            let found = items(&page, "stateMachineVersions").iter();
            arns.extend(found.map(|one| text(one, "stateMachineVersionArn").to_owned()));
        }
        Ok(arns)
    }
}
