//! `AWS::SNS::Subscription`. `Ref` is the subscription's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{differs, document, parsed, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Subscription;

/// Attributes, and what they go back to when the template no longer sets them.
const ATTRIBUTES: [(&str, &str); 7] = [
    ("DeliveryPolicy", ""),
    ("FilterPolicy", "{}"),
    ("FilterPolicyScope", "MessageAttributes"),
    ("RawMessageDelivery", "false"),
    ("RedrivePolicy", ""),
    ("ReplayPolicy", ""),
    ("SubscriptionRoleArn", ""),
];

#[async_trait]
impl Handler for Subscription {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let attributes = ATTRIBUTES.into_iter().filter_map(|(name, _)| {
            Some((name.to_owned(), json!(document(properties.get(name)?))))
        });
        let mut input = pick(properties, &["Endpoint", "Protocol", "TopicArn"]);
        set(
            &mut input,
            "Attributes",
            Value::Object(attributes.collect()),
        );
        set(&mut input, "ReturnSubscriptionArn", true);
        let made = at.call("sns", "Subscribe", input).await?;
        Ok(text(&made, "SubscriptionArn").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        for (name, default) in ATTRIBUTES {
            if differs(before, after, name) {
                let value = after.get(name).map_or(default.to_owned(), document);
                let input = json!({
                    "SubscriptionArn": physical_id, "AttributeName": name, "AttributeValue": value,
                });
                at.call("sns", "SetSubscriptionAttributes", input).await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "SubscriptionArn": physical_id });
        at.call("sns", "Unsubscribe", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "SubscriptionArn": physical_id });
        let Some(found) = at.find("sns", "GetSubscriptionAttributes", input).await? else {
            return Ok(None);
        };
        let attributes = found.get("Attributes").cloned().unwrap_or_default();
        let mut live = pick(&attributes, &["Endpoint", "Protocol", "TopicArn"]);
        set(&mut live, "Arn", physical_id);
        for (name, _) in ATTRIBUTES {
            match text(&attributes, name) {
                "" => {}
                policy if name.ends_with("Policy") => set(&mut live, name, parsed(policy)),
                value => set(&mut live, name, value),
            }
        }
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "sns",
                "ListSubscriptions",
                json!({}),
                "Subscriptions",
                "NextToken",
            )
            .await?;
        let arns = found.iter().map(|one| text(one, "SubscriptionArn"));
        Ok(arns.map(str::to_owned).collect())
    }
}
