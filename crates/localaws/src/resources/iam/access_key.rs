//! `AWS::IAM::AccessKey`. `Ref` is the key's id, `GetAtt SecretAccessKey` its secret, which only
//! the making of the key shows. It cannot be read.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{differs, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct AccessKey;

#[async_trait]
impl Handler for AccessKey {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        Ok(self.make(at, properties).await?.0)
    }

    async fn make(
        &self,
        at: &At<'_>,
        properties: &Value,
    ) -> Result<(String, Map<String, Value>), Failure> {
        let input = json!({ "UserName": text(properties, "UserName") });
        let made = at.call("iam", "CreateAccessKey", input).await?;
        let key = made.get("AccessKey").cloned().unwrap_or_default();
        let mut attributes = Map::new();
        attributes.insert(
            "SecretAccessKey".to_owned(),
            json!(text(&key, "SecretAccessKey")),
        );
        Ok((text(&key, "AccessKeyId").to_owned(), attributes))
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        self.update(at, physical_id, &json!({ "Status": "Active" }), properties)
            .await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if differs(before, after, "Status") {
            let mut input = key(physical_id, after);
            set(
                &mut input,
                "Status",
                match text(after, "Status") {
                    "" => "Active",
                    status => status,
                },
            );
            at.call("iam", "UpdateAccessKey", input).await?;
        }
        Ok(())
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        at.call("iam", "DeleteAccessKey", key(physical_id, properties))
            .await?;
        Ok(())
    }
}

fn key(id: &str, properties: &Value) -> Value {
    json!({ "UserName": text(properties, "UserName"), "AccessKeyId": id })
}
