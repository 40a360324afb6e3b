//! `AWS::StepFunctions::StateMachine`. `Ref` is the state machine's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{definition, tags};
use crate::resources::handler::Handler;
use crate::resources::values::{
    any_differs, camel, differs, drop_filled_in, pascal, set, set_some, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct StateMachine;

/// Property, member of the API, and what it goes back to when the template no longer sets it.
const SETTINGS: [(&str, &str, &str); 3] = [
    (
        "EncryptionConfiguration",
        "encryptionConfiguration",
        r#"{"type": "AWS_OWNED_KEY"}"#,
    ),
    (
        "LoggingConfiguration",
        "loggingConfiguration",
        r#"{"level": "OFF"}"#,
    ),
    (
        "TracingConfiguration",
        "tracingConfiguration",
        r#"{"enabled": false}"#,
    ),
];

const DEFINITION: [&str; 4] = [
    "Definition",
    "DefinitionS3Location",
    "DefinitionString",
    "DefinitionSubstitutions",
];

#[async_trait]
impl Handler for StateMachine {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        // Unlike most types, the stack's name is no part of a generated name.
        let name = match text(properties, "StateMachineName") {
            "" => at.short_name(80),
            name => name.to_owned(),
        };
        // Step Functions answers an existing one that is alike; a stack must not take it over.
        let arn = at.cx.scope.arn("states", &format!("stateMachine:{name}"));
        let lookup = json!({ "stateMachineArn": arn });
        if at
            .find("stepfunctions", "DescribeStateMachine", lookup)
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(&at.cx.type_name, &arn));
        }
        let mut input = json!({
            "name": name,
            "definition": definition::of(at, properties).await?,
            "roleArn": text(properties, "RoleArn"),
            "tags": tags::to_api(properties),
        });
        set_some(
            &mut input,
            "type",
            properties.get("StateMachineType").cloned(),
        );
        for (property, member, _) in SETTINGS {
            set_some(&mut input, member, properties.get(property).map(camel));
        }
        let made = at
            .call("stepfunctions", "CreateStateMachine", input)
            .await?;
        Ok(text(&made, "stateMachineArn").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let mut input = json!({});
        if any_differs(before, after, &DEFINITION) {
            set(&mut input, "definition", definition::of(at, after).await?);
        }
        if differs(before, after, "RoleArn") {
            set(&mut input, "roleArn", text(after, "RoleArn"));
        }
        for (property, member, default) in SETTINGS {
            if differs(before, after, property) {
                let default = serde_json::from_str(default).unwrap_or_default();
                set(
                    &mut input,
                    member,
                    after.get(property).map_or(default, camel),
                );
            }
        }
        if input != json!({}) {
            set(&mut input, "stateMachineArn", physical_id);
            at.call("stepfunctions", "UpdateStateMachine", input)
                .await?;
        }
        tags::change(at, physical_id, before, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "stateMachineArn": physical_id });
        // Deleting what is gone succeeds in Step Functions; a caller wants to know.
        if at
            .find("stepfunctions", "DescribeStateMachine", input.clone())
            .await?
            .is_none()
        {
            return Err(Failure::not_found(&at.cx.type_name, physical_id));
        }
        at.call("stepfunctions", "DeleteStateMachine", input)
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "stateMachineArn": physical_id });
        let found = at
            .find("stepfunctions", "DescribeStateMachine", input)
            .await?;
        let Some(found) = found.filter(|found| text(found, "status") != "DELETING") else {
            return Ok(None);
        };
        let mut live = json!({
            "Arn": physical_id,
            "Name": text(&found, "name"),
            "StateMachineName": text(&found, "name"),
            "StateMachineType": text(&found, "type"),
            "RoleArn": text(&found, "roleArn"),
            "DefinitionString": definition::as_declared(text(&found, "definition"), properties),
            "Tags": tags::read(at, physical_id).await?,
        });
        // The revision of a state machine that was never updated has no id of its own.
        let revision = match text(&found, "revisionId") {
            "" => "INITIAL",
            revision => revision,
        };
        set(&mut live, "StateMachineRevisionId", revision);
        for (property, member, _) in SETTINGS {
            set_some(&mut live, property, found.get(member).map(pascal));
        }
        let path = "/EncryptionConfiguration/KmsDataKeyReusePeriodSeconds";
        drop_filled_in(&mut live, properties, &[(path, json!(300))]);
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "stepfunctions",
                "ListStateMachines",
                json!({}),
                "stateMachines",
                "nextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "stateMachineArn").to_owned())
            .collect())
    }
}
