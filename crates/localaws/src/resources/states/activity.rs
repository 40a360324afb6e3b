//! `AWS::StepFunctions::Activity`. `Ref` is the activity's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::tags;
use crate::resources::handler::Handler;
use crate::resources::values::{camel, pascal, set_some, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Activity;

#[async_trait]
impl Handler for Activity {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = json!({
            "name": text(properties, "Name"),
            "tags": tags::to_api(properties),
        });
        let encryption = properties.get("EncryptionConfiguration").map(camel);
        set_some(&mut input, "encryptionConfiguration", encryption);
        let made = at.call("stepfunctions", "CreateActivity", input).await?;
        Ok(text(&made, "activityArn").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        tags::change(at, physical_id, before, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "stepfunctions",
            "DeleteActivity",
            json!({ "activityArn": physical_id }),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "activityArn": physical_id });
        let Some(found) = at.find("stepfunctions", "DescribeActivity", input).await? else {
            return Ok(None);
        };
        let mut live = json!({
            "Arn": physical_id,
            "Name": text(&found, "name"),
            "Tags": tags::read(at, physical_id).await?,
        });
        let encryption = found.get("encryptionConfiguration").map(pascal);
        set_some(&mut live, "EncryptionConfiguration", encryption);
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "stepfunctions",
                "ListActivities",
                json!({}),
                "activities",
                "nextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "activityArn").to_owned())
            .collect())
    }
}
