//! `AWS::SNS::TopicPolicy`. `Ref` is a generated name; it cannot be read.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{document, items, only_in, texts};
use crate::resources::{At, Code, Failure};

pub(in crate::resources) struct TopicPolicy;

#[async_trait]
impl Handler for TopicPolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let policy = properties.get("PolicyDocument").map(document);
        for topic in texts(properties, "Topics") {
            set_policy(at, &topic, policy.as_deref().unwrap_or_default()).await?;
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
        for gone in only_in(items(before, "Topics"), items(after, "Topics")) {
            reset_policy(at, gone.as_str().unwrap_or_default()).await?;
        }
        self.create(at, after).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, _: &str, properties: &Value) -> Result<(), Failure> {
        for topic in texts(properties, "Topics") {
            reset_policy(at, &topic).await?;
        }
        Ok(())
    }
}

async fn set_policy(at: &At<'_>, topic: &str, policy: &str) -> Result<(), Failure> {
    let input = json!({
        "TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy,
    });
    at.call("sns", "SetTopicAttributes", input).await?;
    Ok(())
}

/// A topic is never without a policy: it gets back the one that lets its owner use it. The topic
/// may be gone before its policy.
async fn reset_policy(at: &At<'_>, topic: &str) -> Result<(), Failure> {
    let policy = json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": [
                "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission",
                "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe",
                "SNS:ListSubscriptionsByTopic", "SNS:Publish",
            ],
            "Resource": topic,
            "Condition": { "StringEquals": { "AWS:SourceOwner": at.cx.scope.account } },
        }],
    });
    match set_policy(at, topic, &policy.to_string()).await {
        Err(failure) if failure.code == Code::NotFound => Ok(()),
        done => done,
    }
}
