//! `AWS::SNS::Topic`. `Ref` is the topic's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    any_differs, differs, document, items, only_in, parsed, pick, set, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Topic;

/// Attributes, and what they go back to when the template no longer sets them.
const ATTRIBUTES: [(&str, &str); 8] = [
    ("ArchivePolicy", "{}"),
    ("ContentBasedDeduplication", "false"),
    ("DisplayName", ""),
    ("FifoThroughputScope", "Topic"),
    ("FifoTopic", "true"),
    ("KmsMasterKeyId", ""),
    ("SignatureVersion", "1"),
    ("TracingConfig", "PassThrough"),
];

#[async_trait]
impl Handler for Topic {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let fifo = properties.get("FifoTopic") == Some(&json!(true));
        let name = match text(properties, "TopicName") {
            "" if fifo => at.name(251) + ".fifo",
            "" => at.name(256),
            name => name.to_owned(),
        };
        at.refuse(
            properties,
            &[
                "DataProtectionPolicy",
                "DeliveryStatusLogging",
                "MaximumMessageSize",
            ],
        )?;
        let attributes = ATTRIBUTES
            .into_iter()
            .filter(|(name, _)| *name != "FifoTopic" || fifo)
            .filter_map(|(name, _)| {
                Some((name.to_owned(), json!(document(properties.get(name)?))))
            });
        // SNS answers an existing topic of the same attributes; a stack must not take it over.
        let arn = at.cx.scope.arn("sns", &name);
        let lookup = json!({ "TopicArn": arn });
        if at
            .find("sns", "GetTopicAttributes", lookup)
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(&at.cx.type_name, &arn));
        }
        let input = json!({
            "Name": name,
            "Attributes": Value::Object(attributes.collect()),
            "Tags": items(properties, "Tags"),
        });
        let made = at.call("sns", "CreateTopic", input).await?;
        Ok(text(&made, "TopicArn").to_owned())
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        for subscription in items(properties, "Subscription") {
            subscribe(at, physical_id, subscription).await?;
        }
        Ok(())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        at.refuse(
            after,
            &[
                "DataProtectionPolicy",
                "DeliveryStatusLogging",
                "MaximumMessageSize",
            ],
        )?;
        for (name, default) in ATTRIBUTES {
            if differs(before, after, name) {
                let value = after.get(name).map_or(default.to_owned(), document);
                let input = json!({
                    "TopicArn": physical_id, "AttributeName": name, "AttributeValue": value,
                });
                at.call("sns", "SetTopicAttributes", input).await?;
            }
        }
        let (old, new) = (items(before, "Subscription"), items(after, "Subscription"));
        for gone in only_in(old, new) {
            for live in subscriptions(at, physical_id).await? {
                if same(&live, &gone) {
                    let input = pick(&live, &["SubscriptionArn"]);
                    at.call("sns", "Unsubscribe", input).await?;
                }
            }
        }
        for more in only_in(new, old) {
            subscribe(at, physical_id, &more).await?;
        }
        at.retag("sns", ("ResourceArn", physical_id), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("sns", "DeleteTopic", json!({ "TopicArn": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "TopicArn": physical_id });
        let Some(found) = at.find("sns", "GetTopicAttributes", input).await? else {
            return Ok(None);
        };
        let attributes = found.get("Attributes").cloned().unwrap_or_default();
        let mut live = json!({
            "TopicArn": physical_id,
            "TopicName": physical_id.rsplit(':').next(),
        });
        for (name, _) in ATTRIBUTES {
            match text(&attributes, name) {
                "" => {}
                policy if name.ends_with("Policy") => set(&mut live, name, parsed(policy)),
                value => set(&mut live, name, value),
            }
        }
        let subscriptions = subscriptions(at, physical_id).await?;
        let subscriptions = subscriptions
            .iter()
            .map(|one| pick(one, &["Endpoint", "Protocol"]));
        set(&mut live, "Subscription", subscriptions.collect::<Value>());
        let input = json!({ "ResourceArn": physical_id });
        let tags = at
            .find("sns", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", items(&tags, "Tags"));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages("sns", "ListTopics", json!({}), "Topics", "NextToken")
            .await?;
        Ok(found
            .iter()
            .map(|topic| text(topic, "TopicArn").to_owned())
            .collect())
    }
}

fn same(one: &Value, other: &Value) -> bool {
    !any_differs(one, other, &["Endpoint", "Protocol"])
}

async fn subscribe(at: &At<'_>, topic: &str, subscription: &Value) -> Result<(), Failure> {
    let mut input = pick(subscription, &["Endpoint", "Protocol"]);
    set(&mut input, "TopicArn", topic);
    at.call("sns", "Subscribe", input).await?;
    Ok(())
}

async fn subscriptions(at: &At<'_>, topic: &str) -> Result<Vec<Value>, Failure> {
    let input = json!({ "TopicArn": topic });
    at.pages(
        "sns",
        "ListSubscriptionsByTopic",
        input,
        "Subscriptions",
        "NextToken",
    )
    .await
}
