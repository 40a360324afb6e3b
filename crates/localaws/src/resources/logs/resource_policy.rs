//! `AWS::Logs::ResourcePolicy`. `Ref` is the policy's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{document, parsed, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct ResourcePolicy;

#[async_trait]
impl Handler for ResourcePolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = text(properties, "PolicyName");
        if self.read(at, name, properties).await?.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, name));
        }
        put(at, name, properties).await?;
        Ok(name.to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        put(at, physical_id, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "logs",
            "DeleteResourcePolicy",
            json!({ "policyName": physical_id }),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let found = policies(at).await?;
        let found = found
            .iter()
            .find(|one| text(one, "policyName") == physical_id);
        Ok(found.map(|found| {
            // The property is a text: as the template writes it, where they say the same.
            let live = text(found, "policyDocument");
            let declared = properties
                .get("PolicyDocument")
                .map(document)
                .unwrap_or_default();
            let same = parsed(live) == parsed(&declared);
            json!({
                "PolicyName": physical_id,
                "PolicyDocument": if same { &declared } else { live },
            })
        }))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = policies(at).await?;
        Ok(found
            .iter()
            .map(|one| text(one, "policyName").to_owned())
            .collect())
    }
}

async fn policies(at: &At<'_>) -> Result<Vec<Value>, Failure> {
    at.pages(
        "logs",
        "DescribeResourcePolicies",
        json!({}),
        "resourcePolicies",
        "nextToken",
    )
    .await
}

async fn put(at: &At<'_>, name: &str, properties: &Value) -> Result<(), Failure> {
    let policy = properties
        .get("PolicyDocument")
        .map(document)
        .unwrap_or_default();
    let input = json!({ "policyName": name, "policyDocument": policy });
    at.call("logs", "PutResourcePolicy", input).await?;
    Ok(())
}
