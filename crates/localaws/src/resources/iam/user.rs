//! `AWS::IAM::User`. `Ref` is the user's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::principal::USER;
use super::role::boundary;
use crate::resources::handler::Handler;
use crate::resources::values::{differs, extend, items, pick, set, text, texts};
use crate::resources::{At, Failure};

pub(in crate::resources) struct User;

#[async_trait]
impl Handler for User {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        at.refuse(properties, &["LoginProfile"])?;
        let name = at.name_or(text(properties, "UserName"), 64);
        let mut input = pick(properties, &["Path", "PermissionsBoundary"]);
        set(&mut input, "UserName", name.as_str());
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        at.call("iam", "CreateUser", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let nothing = json!({});
        USER.change_policies(at, physical_id, &nothing, properties)
            .await?;
        change_groups(at, physical_id, &nothing, properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        at.refuse(after, &["LoginProfile"])?;
        if differs(before, after, "Path") {
            let path = match text(after, "Path") {
                "" => "/",
                path => path,
            };
            at.call(
                "iam",
                "UpdateUser",
                USER.input(physical_id, &[("NewPath", path)]),
            )
            .await?;
        }
        USER.change_boundary(at, physical_id, before, after).await?;
        USER.change_tags(at, physical_id, before, after).await?;
        USER.change_policies(at, physical_id, before, after).await?;
        change_groups(at, physical_id, before, after).await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let nothing = json!({});
        change_groups(at, physical_id, properties, &nothing).await?;
        USER.delete(at, physical_id, properties).await
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = at
            .find("iam", "GetUser", USER.input(physical_id, &[]))
            .await?
        else {
            return Ok(None);
        };
        let user = found.get("User").cloned().unwrap_or_default();
        let mut live = pick(&user, &["Arn", "Path", "Tags", "UserName"]);
        extend(&mut live, boundary(&user));
        let groups = at
            .pages(
                "iam",
                "ListGroupsForUser",
                USER.input(physical_id, &[]),
                "Groups",
                "Marker",
            )
            .await?;
        let groups = groups.iter().map(|group| json!(text(group, "GroupName")));
        set(&mut live, "Groups", groups.collect::<Value>());
        USER.read_policies(at, physical_id, &mut live).await?;
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        USER.list(at).await
    }
}

async fn change_groups(
    at: &At<'_>,
    name: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    let (old, new) = (texts(before, "Groups"), texts(after, "Groups"));
    for group in old.iter().filter(|group| !new.contains(group)) {
        let input = USER.input(name, &[("GroupName", group)]);
        at.find("iam", "RemoveUserFromGroup", input).await?;
    }
    for group in new.iter().filter(|group| !old.contains(group)) {
        let input = USER.input(name, &[("GroupName", group)]);
        at.call("iam", "AddUserToGroup", input).await?;
    }
    Ok(())
}
