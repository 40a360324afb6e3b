//! `AWS::SSM::Parameter`. `Ref` is the parameter's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{any_differs, items, pick, set, set_some, tag_map, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Parameter;

const SETTINGS: [&str; 7] = [
    "AllowedPattern",
    "DataType",
    "Description",
    "Policies",
    "Tier",
    "Type",
    "Value",
];

#[async_trait]
impl Handler for Parameter {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        // Names that CloudFormation makes have the form `CFN-<logical>-<random>`.
        let name = match text(properties, "Name") {
            "" => format!("CFN-{}", at.short_name(500)),
            name => name.to_owned(),
        };
        let mut input = pick(properties, &SETTINGS);
        set(&mut input, "Name", name.as_str());
        let tags = tags_of(properties);
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        at.call("ssm", "PutParameter", input).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if any_differs(before, after, &SETTINGS) {
            let mut input = pick(after, &SETTINGS);
            set(&mut input, "Name", physical_id);
            set(&mut input, "Overwrite", true);
            at.call("ssm", "PutParameter", input).await?;
        }
        let (old, new) = (tags_of(before), tags_of(after));
        let resource = json!({ "ResourceType": "Parameter", "ResourceId": physical_id });
        let gone = old.iter().map(|tag| text(tag, "Key"));
        let gone: Vec<&str> = gone
            .filter(|key| !new.iter().any(|tag| text(tag, "Key") == *key))
            .collect();
        if !gone.is_empty() {
            let mut input = resource.clone();
            set(&mut input, "TagKeys", gone);
            at.call("ssm", "RemoveTagsFromResource", input).await?;
        }
        let added: Vec<Value> = new.into_iter().filter(|tag| !old.contains(tag)).collect();
        if !added.is_empty() {
            let mut input = resource;
            set(&mut input, "Tags", added);
            at.call("ssm", "AddTagsToResource", input).await?;
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("ssm", "DeleteParameter", json!({ "Name": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "Name": physical_id });
        let Some(found) = at.find("ssm", "GetParameter", input).await? else {
            return Ok(None);
        };
        let parameter = found.get("Parameter").cloned().unwrap_or_default();
        let mut live = pick(&parameter, &["DataType", "Name", "Type", "Value"]);
        set_some(&mut live, "Arn", parameter.get("ARN").cloned());
        let input = json!({ "ResourceType": "Parameter", "ResourceId": physical_id });
        let tags = at
            .find("ssm", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", tag_map(items(&tags, "TagList")));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "ssm",
                "DescribeParameters",
                json!({}),
                "Parameters",
                "NextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "Name").to_owned())
            .collect())
    }
}

/// Tags are a map here.
fn tags_of(properties: &Value) -> Vec<Value> {
    let tags = properties
        .get("Tags")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    tags.map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect()
}
