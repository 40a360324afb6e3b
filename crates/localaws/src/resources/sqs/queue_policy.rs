//! `AWS::SQS::QueuePolicy`. `Ref` is a generated name; it cannot be read.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{document, items, only_in, texts};
use crate::resources::{At, Code, Failure};

pub(in crate::resources) struct QueuePolicy;

#[async_trait]
impl Handler for QueuePolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let policy = properties.get("PolicyDocument").map(document);
        for queue in texts(properties, "Queues") {
            set_policy(at, &queue, policy.as_deref().unwrap_or_default()).await?;
        }
        Ok(at.name(128))
    }

    async fn update(
        &self,
        at: &At<'_>,
        _: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        for gone in only_in(items(before, "Queues"), items(after, "Queues")) {
            remove_policy(at, gone.as_str().unwrap_or_default()).await?;
        }
        self.create(at, after).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, _: &str, properties: &Value) -> Result<(), Failure> {
        for queue in texts(properties, "Queues") {
            remove_policy(at, &queue).await?;
        }
        Ok(())
    }
}

async fn set_policy(at: &At<'_>, queue: &str, policy: &str) -> Result<(), Failure> {
    let input = json!({ "QueueUrl": queue, "Attributes": { "Policy": policy } });
    at.call("sqs", "SetQueueAttributes", input).await?;
    Ok(())
}

/// The queue may be gone before its policy.
async fn remove_policy(at: &At<'_>, queue: &str) -> Result<(), Failure> {
    match set_policy(at, queue, "").await {
        Err(failure) if failure.code == Code::NotFound => Ok(()),
        done => done,
    }
}
