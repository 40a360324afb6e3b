//! `AWS::KMS::Alias`. `Ref` is the alias's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Alias;

#[async_trait]
impl Handler for Alias {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let input = pick(properties, &["AliasName", "TargetKeyId"]);
        at.call("kms", "CreateAlias", input).await?;
        Ok(text(properties, "AliasName").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let mut input = pick(after, &["TargetKeyId"]);
        set(&mut input, "AliasName", physical_id);
        at.call("kms", "UpdateAlias", input).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("kms", "DeleteAlias", json!({ "AliasName": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let found = aliases(at).await?;
        let found = found
            .iter()
            .find(|one| text(one, "AliasName") == physical_id);
        Ok(found.map(|found| {
            // The key as the template names it: by id or by ARN.
            let (live, declared) = (text(found, "TargetKeyId"), text(properties, "TargetKeyId"));
            let same = declared.rsplit('/').next() == Some(live);
            json!({ "AliasName": physical_id, "TargetKeyId": if same { declared } else { live } })
        }))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = aliases(at).await?;
        Ok(found
            .iter()
            .map(|one| text(one, "AliasName").to_owned())
            .collect())
    }
}

async fn aliases(at: &At<'_>) -> Result<Vec<Value>, Failure> {
    at.pages("kms", "ListAliases", json!({}), "Aliases", "Marker")
        .await
}
