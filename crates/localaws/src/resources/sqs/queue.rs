//! `AWS::SQS::Queue`. `Ref` is the queue's URL.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    document, items, parsed, set, tag_changes, tag_list, tag_map, text, texts,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Queue;

/// Attributes, and what they go back to when the template no longer sets them.
const ATTRIBUTES: [(&str, &str); 13] = [
    ("ContentBasedDeduplication", "false"),
    ("DeduplicationScope", "queue"),
    ("DelaySeconds", "0"),
    ("FifoQueue", "true"),
    ("FifoThroughputLimit", "perQueue"),
    ("KmsDataKeyReusePeriodSeconds", "300"),
    ("KmsMasterKeyId", ""),
    ("MaximumMessageSize", "1048576"),
    ("MessageRetentionPeriod", "345600"),
    ("ReceiveMessageWaitTimeSeconds", "0"),
    ("RedriveAllowPolicy", ""),
    ("RedrivePolicy", ""),
    ("SqsManagedSseEnabled", "true"),
];

fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    ATTRIBUTES.into_iter().chain([("VisibilityTimeout", "30")])
}

#[async_trait]
impl Handler for Queue {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let fifo = properties.get("FifoQueue") == Some(&json!(true));
        let name = match text(properties, "QueueName") {
            "" if fifo => at.name(75) + ".fifo",
            "" => at.name(80),
            name => name.to_owned(),
        };
        // `FifoQueue: false` is not an attribute that SQS takes.
        let attributes = names()
            .filter(|(name, _)| *name != "FifoQueue" || fifo)
            .filter_map(|(name, _)| {
                Some((name.to_owned(), json!(document(properties.get(name)?))))
            });
        let mut input = json!({
            "QueueName": name,
            "Attributes": Value::Object(attributes.collect()),
        });
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "tags", tag_map(tags));
        }
        // SQS answers an existing queue of the same attributes; a stack must not take it over.
        let lookup = json!({ "QueueName": name });
        if at.find("sqs", "GetQueueUrl", lookup).await?.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        let made = at.call("sqs", "CreateQueue", input).await?;
        Ok(text(&made, "QueueUrl").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let mut attributes = Map::new();
        for (name, default) in names() {
            match (before.get(name), after.get(name)) {
                (old, Some(new)) if old != Some(new) => {
                    attributes.insert(name.to_owned(), json!(document(new)));
                }
                (Some(_), None) => {
                    attributes.insert(name.to_owned(), json!(default));
                }
                _ => {}
            }
        }
        if !attributes.is_empty() {
            let input = json!({ "QueueUrl": physical_id, "Attributes": attributes });
            at.call("sqs", "SetQueueAttributes", input).await?;
        }
        let tags = tag_changes(before, after);
        if !tags.unset.is_empty() {
            let input = json!({ "QueueUrl": physical_id, "TagKeys": tags.unset });
            at.call("sqs", "UntagQueue", input).await?;
        }
        if !tags.set.is_empty() {
            let input = json!({ "QueueUrl": physical_id, "Tags": tag_map(&tags.set) });
            at.call("sqs", "TagQueue", input).await?;
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "QueueUrl": physical_id });
        at.call("sqs", "DeleteQueue", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "QueueUrl": physical_id, "AttributeNames": ["All"] });
        let Some(found) = at.find("sqs", "GetQueueAttributes", input).await? else {
            return Ok(None);
        };
        let attributes = found.get("Attributes").cloned().unwrap_or_default();
        let mut live = json!({
            "QueueUrl": physical_id,
            "QueueName": physical_id.rsplit('/').next(),
            "Arn": text(&attributes, "QueueArn"),
        });
        for (name, _) in names() {
            match text(&attributes, name) {
                "" => {}
                policy if name.ends_with("Policy") => set(&mut live, name, parsed(policy)),
                value => set(&mut live, name, value),
            }
        }
        let input = json!({ "QueueUrl": physical_id });
        let tags = at
            .find("sqs", "ListQueueTags", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", tag_list(tags.get("Tags")));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at.call("sqs", "ListQueues", json!({})).await?;
        Ok(texts(&found, "QueueUrls"))
    }
}
