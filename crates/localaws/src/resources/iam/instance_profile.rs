//! `AWS::IAM::InstanceProfile`. `Ref` is the profile's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, pick, set, text, texts};
use crate::resources::{At, Code, Failure};

pub(in crate::resources) struct InstanceProfile;

#[async_trait]
impl Handler for InstanceProfile {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "InstanceProfileName"), 128);
        let mut input = pick(properties, &["Path"]);
        set(&mut input, "InstanceProfileName", name.as_str());
        at.call("iam", "CreateInstanceProfile", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        self.update(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let (old, new) = (texts(before, "Roles"), texts(after, "Roles"));
        for role in old.iter().filter(|role| !new.contains(role)) {
            let input = json!({ "InstanceProfileName": physical_id, "RoleName": role });
            at.find("iam", "RemoveRoleFromInstanceProfile", input)
                .await?;
        }
        for role in new.iter().filter(|role| !old.contains(role)) {
            let input = json!({ "InstanceProfileName": physical_id, "RoleName": role });
            at.call("iam", "AddRoleToInstanceProfile", input).await?;
        }
        Ok(())
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        match self.update(at, physical_id, properties, &json!({})).await {
            Err(failure) if failure.code != Code::NotFound => return Err(failure),
            _ => {}
        }
        let input = json!({ "InstanceProfileName": physical_id });
        at.call("iam", "DeleteInstanceProfile", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "InstanceProfileName": physical_id });
        let Some(found) = at.find("iam", "GetInstanceProfile", input).await? else {
            return Ok(None);
        };
        let profile = found.get("InstanceProfile").cloned().unwrap_or_default();
        let mut live = pick(&profile, &["Arn", "InstanceProfileName", "Path"]);
        let roles = items(&profile, "Roles")
            .iter()
            .map(|role| json!(text(role, "RoleName")));
        set(&mut live, "Roles", roles.collect::<Value>());
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "iam",
                "ListInstanceProfiles",
                json!({}),
                "InstanceProfiles",
                "Marker",
            )
            .await?;
        let names = found.iter().map(|one| text(one, "InstanceProfileName"));
        Ok(names.map(str::to_owned).collect())
    }
}
