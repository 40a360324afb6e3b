//! `AWS::IAM::RolePolicy`, `UserPolicy` and `GroupPolicy`: an inline policy in one principal.
//! `Ref` is the policy's name and the principal's, joined with `|`.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::principal::{self, Kind};
use crate::resources::handler::Handler;
use crate::resources::values::{document, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct InlinePolicy(Kind);

pub(in crate::resources) const ROLE_POLICY: InlinePolicy = InlinePolicy(principal::ROLE);
pub(in crate::resources) const USER_POLICY: InlinePolicy = InlinePolicy(principal::USER);
pub(in crate::resources) const GROUP_POLICY: InlinePolicy = InlinePolicy(principal::GROUP);

#[async_trait]
impl Handler for InlinePolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let Self(kind) = *self;
        let (policy, name) = (text(properties, "PolicyName"), text(properties, kind.key));
        let content = properties
            .get("PolicyDocument")
            .map(document)
            .unwrap_or_default();
        kind.put_inline(at, name, policy, &content).await?;
        Ok(format!("{policy}|{name}"))
    }

    async fn update(&self, at: &At<'_>, _: &str, _: &Value, after: &Value) -> Result<(), Failure> {
        self.create(at, after).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let (policy, name) = physical_id.split_once('|').unwrap_or_default();
        self.0.delete_inline(at, name, policy).await
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Self(kind) = *self;
        let (policy, name) = physical_id.split_once('|').unwrap_or_default();
        let found = kind.inline(at, name, policy).await?;
        Ok(found.map(
            |document| json!({ "PolicyName": policy, kind.key: name, "PolicyDocument": document }),
        ))
    }
}
