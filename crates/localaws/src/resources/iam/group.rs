//! `AWS::IAM::Group`. `Ref` is the group's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::principal::GROUP;
use crate::resources::handler::Handler;
use crate::resources::values::{differs, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Group;

#[async_trait]
impl Handler for Group {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "GroupName"), 128);
        let mut input = pick(properties, &["Path"]);
        set(&mut input, "GroupName", name.as_str());
        at.call("iam", "CreateGroup", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        GROUP
            .change_policies(at, physical_id, &json!({}), properties)
            .await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if differs(before, after, "Path") {
            let path = match text(after, "Path") {
                "" => "/",
                path => path,
            };
            at.call(
                "iam",
                "UpdateGroup",
                GROUP.input(physical_id, &[("NewPath", path)]),
            )
            .await?;
        }
        GROUP.change_policies(at, physical_id, before, after).await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        GROUP.delete(at, physical_id, properties).await
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = at
            .find("iam", "GetGroup", GROUP.input(physical_id, &[]))
            .await?
        else {
            return Ok(None);
        };
        let group = found.get("Group").cloned().unwrap_or_default();
        let mut live = pick(&group, &["Arn", "GroupName", "Path"]);
        GROUP.read_policies(at, physical_id, &mut live).await?;
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        GROUP.list(at).await
    }
}
