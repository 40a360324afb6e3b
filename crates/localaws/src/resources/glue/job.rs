//! `AWS::Glue::Job`. `Ref` is the job's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{drop_filled_in, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Job;

/// Everything that the API takes under the same name.
fn members(properties: &Value) -> Value {
    let mut input = properties.clone();
    if let Some(members) = input.as_object_mut() {
        for name in ["Name", "Tags"] {
            members.shift_remove(name);
        }
    }
    input
}

#[async_trait]
impl Handler for Job {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "Name"), 255);
        let exists = at
            .find("glue", "GetJob", json!({ "JobName": name }))
            .await?;
        if exists.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        let mut input = members(properties);
        set(&mut input, "Name", name.as_str());
        if let Some(tags) = properties.get("Tags") {
            set(&mut input, "Tags", tags.clone());
        }
        at.call("glue", "CreateJob", input).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if members(before) != members(after) {
            let input = json!({ "JobName": physical_id, "JobUpdate": members(after) });
            at.call("glue", "UpdateJob", input).await?;
        }
        let arn = at.cx.scope.arn("glue", &format!("job/{physical_id}"));
        let tags = |properties: &Value| properties.get("Tags").cloned().unwrap_or(json!({}));
        let (before, after) = (tags(before), tags(after));
        let gone: Vec<&String> = before
            .as_object()
            .into_iter()
            .flat_map(|tags| tags.keys())
            .filter(|key| after.get(*key).is_none())
            .collect();
        if !gone.is_empty() {
            let input = json!({ "ResourceArn": arn, "TagsToRemove": gone });
            at.call("glue", "UntagResource", input).await?;
        }
        if before != after && after.as_object().is_some_and(|tags| !tags.is_empty()) {
            let input = json!({ "ResourceArn": arn, "TagsToAdd": after });
            at.call("glue", "TagResource", input).await?;
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "JobName": physical_id });
        // Deleting what is gone succeeds in Glue; a caller wants to know.
        if at.find("glue", "GetJob", input.clone()).await?.is_none() {
            return Err(Failure::not_found(&at.cx.type_name, physical_id));
        }
        at.call("glue", "DeleteJob", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "JobName": physical_id });
        let Some(found) = at.find("glue", "GetJob", input).await? else {
            return Ok(None);
        };
        let mut live = found.get("Job").cloned().unwrap_or_default();
        if let Some(members) = live.as_object_mut() {
            members.shift_remove("CreatedOn");
            members.shift_remove("LastModifiedOn");
        }
        drop_filled_in(
            &mut live,
            properties,
            &[("/Command/PythonVersion", json!("2"))],
        );
        let arn = at.cx.scope.arn("glue", &format!("job/{physical_id}"));
        let tags = at
            .call("glue", "GetTags", json!({ "ResourceArn": arn }))
            .await?;
        set(
            &mut live,
            "Tags",
            tags.get("Tags").cloned().unwrap_or_default(),
        );
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages("glue", "ListJobs", json!({}), "JobNames", "NextToken")
            .await?;
        let names = found.iter().filter_map(Value::as_str);
        Ok(names.map(str::to_owned).collect())
    }
}
