//! GetTopicAttributes and SetTopicAttributes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state::{Topic, subscription_prefix};
use super::{Sns, error};
use crate::params::Params;
use crate::{AwsError, Call};

/// Attributes that can be set at any time.
const SETTABLE: &[&str] = &[
    "ArchivePolicy",
    "ContentBasedDeduplication",
    "DeliveryPolicy",
    "DisplayName",
    "FifoThroughputScope",
    "KmsMasterKeyId",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
];

/// How deliveries to HTTP are tried again unless a policy says otherwise.
pub(super) const DELIVERY_POLICY: &str = r#"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}"#;

impl Sns {
    pub(super) fn get_topic_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.topic(call, "TopicArn")?;
        let names = topic.attributes.keys().map(String::as_str);
        let always = [
            "Policy",
            "Owner",
            "SubscriptionsPending",
            "SubscriptionsConfirmed",
            "SubscriptionsDeleted",
            "TopicArn",
            "DisplayName",
            "EffectiveDeliveryPolicy",
            "FifoTopic",
            "ContentBasedDeduplication",
        ];
        let shown: BTreeMap<_, _> = names
            .chain(always)
            .filter_map(|name| Some((name.to_owned(), self.attribute(&topic, name)?)))
            .collect();
        Ok(json!({ "Attributes": shown }))
    }

    /// The value that AWS shows; `None` where it shows none.
    pub(super) fn attribute(&self, topic: &Topic, name: &str) -> Option<String> {
        if let Some(set) = topic.attributes.get(name) {
            return Some(set.clone());
        }
        let count = |pending: bool| {
            let all = self.subscriptions.scan(&subscription_prefix(&topic.key()));
            let of_kind = all.iter().filter(|(_, one)| one.token.is_some() == pending);
            of_kind.count().to_string()
        };
        match name {
            "Policy" => Some(default_policy(topic)),
            "Owner" => Some(topic.scope.account.clone()),
            "TopicArn" => Some(topic.arn()),
            "DisplayName" => Some(String::new()),
            "SubscriptionsPending" => Some(count(true)),
            "SubscriptionsConfirmed" => Some(count(false)),
            "SubscriptionsDeleted" => Some(topic.deleted.to_string()),
            "EffectiveDeliveryPolicy" => Some(DELIVERY_POLICY.to_owned()),
            "ContentBasedDeduplication" if topic.is_fifo() => Some("false".to_owned()),
            _ => None,
        }
    }

    pub(super) fn set_topic_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.topic(call, "TopicArn")?;
        let name = call.input.text("AttributeName").unwrap_or_default();
        let value = call.input.text("AttributeValue").unwrap_or_default();
        if name == "FifoTopic" {
            return Err(error::invalid("AttributeName"));
        }
        check(name, value, topic.is_fifo())?;
        self.topics.update(&topic.key(), |topic| {
            if value.is_empty() {
                topic.attributes.remove(name);
            } else {
                topic.attributes.insert(name.to_owned(), value.to_owned());
            }
        });
        Ok(json!({}))
    }
}

/// Refuses attributes that SNS refuses.
pub(super) fn check(name: &str, value: &str, fifo: bool) -> Result<(), AwsError> {
    let feedback = name.ends_with("FeedbackRoleArn") || name.ends_with("FeedbackSampleRate");
    let of_fifo = matches!(
        name,
        "FifoTopic" | "ContentBasedDeduplication" | "FifoThroughputScope"
    );
    let known = SETTABLE.contains(&name) || name == "FifoTopic" || feedback;
    let plain = !fifo && value == "false";
    if !known || (of_fifo && !fifo && !plain) {
        return Err(error::invalid("AttributeName"));
    }
    let json = matches!(name, "Policy" | "DeliveryPolicy" | "ArchivePolicy");
    if json && !value.is_empty() {
        let parsed = serde_json::from_str::<Value>(value);
        if !parsed.is_ok_and(|parsed| parsed.is_object()) {
            return Err(error::invalid(format!("{name}: failed to parse JSON.")));
        }
    }
    let allowed: &[&str] = match name {
        "ContentBasedDeduplication" => &["true", "false"],
        "SignatureVersion" => &["1", "2"],
        "TracingConfig" => &["PassThrough", "Active"],
        "FifoThroughputScope" => &["Topic", "MessageGroup"],
        _ => return Ok(()),
    };
    if value.is_empty() || allowed.contains(&value) {
        return Ok(());
    }
    Err(error::invalid("AttributeValue"))
}

/// Everybody in the owner's account may do everything.
fn default_policy(topic: &Topic) -> String {
    let actions = [
        "SNS:GetTopicAttributes",
        "SNS:SetTopicAttributes",
        "SNS:AddPermission",
        "SNS:RemovePermission",
        "SNS:DeleteTopic",
        "SNS:Subscribe",
        "SNS:ListSubscriptionsByTopic",
        "SNS:Publish",
    ];
    json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": actions,
            "Resource": topic.arn(),
            "Condition": { "StringEquals": { "AWS:SourceOwner": topic.scope.account } },
        }],
    })
    .to_string()
}
