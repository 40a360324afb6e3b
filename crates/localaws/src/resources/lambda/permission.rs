//! `AWS::Lambda::Permission`: a statement of a function's policy. `Ref` is the statement's id.

use async_trait::async_trait;
use serde_json::Value;

use crate::resources::handler::Handler;
use crate::resources::values::{items, parsed, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Permission;

#[async_trait]
impl Handler for Permission {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = pick(
            properties,
            &[
                "Action",
                "EventSourceToken",
                "FunctionName",
                "FunctionUrlAuthType",
                "InvokedViaFunctionUrl",
                "Principal",
                "PrincipalOrgID",
                "SourceAccount",
                "SourceArn",
            ],
        );
        let id = at.name(100);
        set(&mut input, "StatementId", id.as_str());
        at.call("lambda", "AddPermission", input).await?;
        Ok(id)
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let mut input = pick(properties, &["FunctionName"]);
        set(&mut input, "StatementId", physical_id);
        at.call("lambda", "RemovePermission", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = pick(properties, &["FunctionName"]);
        let Some(found) = at.find("lambda", "GetPolicy", input).await? else {
            return Ok(None);
        };
        let policy = parsed(text(&found, "Policy"));
        let statement = items(&policy, "Statement")
            .iter()
            .find(|one| text(one, "Sid") == physical_id);
        Ok(statement.map(|statement| {
            // The function as the template names it: by name, ARN or alias.
            let mut live = pick(properties, &["FunctionName"]);
            set(&mut live, "Id", physical_id);
            set(&mut live, "Action", text(statement, "Action"));
            set(&mut live, "Principal", principal(statement, properties));
            for (property, pointer) in [
                ("SourceArn", "/Condition/ArnLike/AWS:SourceArn"),
                ("SourceAccount", "/Condition/StringEquals/AWS:SourceAccount"),
                (
                    "PrincipalOrgID",
                    "/Condition/StringEquals/aws:PrincipalOrgID",
                ),
                (
                    "EventSourceToken",
                    "/Condition/StringEquals/lambda:EventSourceToken",
                ),
                (
                    "FunctionUrlAuthType",
                    "/Condition/StringEquals/lambda:FunctionUrlAuthType",
                ),
                (
                    "InvokedViaFunctionUrl",
                    "/Condition/Bool/lambda:InvokedViaFunctionUrl",
                ),
            ] {
                if let Some(value) = statement.pointer(pointer) {
                    set(&mut live, property, value.clone());
                }
            }
            live
        }))
    }

    fn physical_id(&self, identifier: &str) -> String {
        identifier.rsplit('|').next().unwrap_or_default().to_owned()
    }
}

/// A service, an account or everybody; Lambda writes an account as the ARN of its root.
fn principal(statement: &Value, properties: &Value) -> String {
    let declared = text(properties, "Principal");
    let found = match statement.get("Principal") {
        Some(Value::String(all)) => all.as_str(),
        Some(other) => match text(other, "Service") {
            "" => text(other, "AWS"),
            service => service,
        },
        None => "",
    };
    let account = found.split(':').nth(4).filter(|_| found.ends_with(":root"));
    match account {
        Some(account) if account == declared => declared.to_owned(),
        _ => found.to_owned(),
    }
}
