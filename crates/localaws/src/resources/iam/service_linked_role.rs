//! `AWS::IAM::ServiceLinkedRole`. `Ref` is the role's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{pick, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct ServiceLinkedRole;

#[async_trait]
impl Handler for ServiceLinkedRole {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let input = pick(
            properties,
            &["AWSServiceName", "CustomSuffix", "Description"],
        );
        let made = at.call("iam", "CreateServiceLinkedRole", input).await?;
        let name = made.pointer("/Role/RoleName").and_then(Value::as_str);
        Ok(name.unwrap_or_default().to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let input = json!({
            "RoleName": physical_id, "Description": text(after, "Description"),
        });
        at.call("iam", "UpdateRole", input).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "RoleName": physical_id });
        at.call("iam", "DeleteServiceLinkedRole", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "RoleName": physical_id });
        let found = at.find("iam", "GetRole", input).await?;
        Ok(found.map(|found| {
            let role = found.get("Role").cloned().unwrap_or_default();
            pick(&role, &["Description", "RoleName"])
        }))
    }
}
