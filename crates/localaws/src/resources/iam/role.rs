//! `AWS::IAM::Role`. `Ref` is the role's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::principal::ROLE;
use crate::resources::handler::Handler;
use crate::resources::values::{
    any_differs, differs, document, extend, items, parsed, pick, set, set_some, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Role;

#[async_trait]
impl Handler for Role {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "RoleName"), 64);
        let mut input = pick(
            properties,
            &[
                "Description",
                "MaxSessionDuration",
                "Path",
                "PermissionsBoundary",
            ],
        );
        let trust = properties.get("AssumeRolePolicyDocument").map(document);
        set(&mut input, "RoleName", name.as_str());
        set_some(
            &mut input,
            "AssumeRolePolicyDocument",
            trust.map(Value::from),
        );
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        at.call("iam", "CreateRole", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        ROLE.change_policies(at, physical_id, &json!({}), properties)
            .await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if differs(before, after, "AssumeRolePolicyDocument") {
            let trust = after
                .get("AssumeRolePolicyDocument")
                .map(document)
                .unwrap_or_default();
            let input = ROLE.input(physical_id, &[("PolicyDocument", &trust)]);
            at.call("iam", "UpdateAssumeRolePolicy", input).await?;
        }
        if any_differs(before, after, &["Description", "MaxSessionDuration"]) {
            let mut input = ROLE.input(physical_id, &[("Description", text(after, "Description"))]);
            let hour = json!(3600);
            set(
                &mut input,
                "MaxSessionDuration",
                after.get("MaxSessionDuration").unwrap_or(&hour).clone(),
            );
            at.call("iam", "UpdateRole", input).await?;
        }
        ROLE.change_boundary(at, physical_id, before, after).await?;
        ROLE.change_tags(at, physical_id, before, after).await?;
        ROLE.change_policies(at, physical_id, before, after).await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        ROLE.delete(at, physical_id, properties).await
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = at
            .find("iam", "GetRole", ROLE.input(physical_id, &[]))
            .await?
        else {
            return Ok(None);
        };
        let role = found.get("Role").cloned().unwrap_or_default();
        let mut live = pick(
            &role,
            &[
                "Arn",
                "Description",
                "MaxSessionDuration",
                "Path",
                "RoleId",
                "RoleName",
                "Tags",
            ],
        );
        extend(&mut live, boundary(&role));
        let trust = text(&role, "AssumeRolePolicyDocument");
        set(&mut live, "AssumeRolePolicyDocument", parsed(trust));
        ROLE.read_policies(at, physical_id, &mut live).await?;
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        ROLE.list(at).await
    }
}

/// The permissions boundary as a property.
pub(super) fn boundary(principal: &Value) -> Value {
    match principal.pointer("/PermissionsBoundary/PermissionsBoundaryArn") {
        Some(arn) => json!({ "PermissionsBoundary": arn }),
        None => json!({}),
    }
}
