//! GetSubscriptionAttributes and SetSubscriptionAttributes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::attributes::DELIVERY_POLICY;
use super::state::{Subscription, key_of};
use super::{Sns, error, filter_policy};
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

impl Sns {
    pub(super) fn get_subscription_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let (_, subscription) = self.subscription(call)?;
        let mut shown = subscription.attributes.clone();
        let principal = format!("arn:aws:iam::{}:root", subscription.owner);
        let facts = [
            ("SubscriptionArn", subscription.arn),
            ("TopicArn", subscription.topic),
            ("Owner", subscription.owner),
            ("Endpoint", subscription.endpoint),
            ("SubscriptionPrincipal", principal),
            (
                "PendingConfirmation",
                subscription.token.is_some().to_string(),
            ),
            (
                "ConfirmationWasAuthenticated",
                subscription.token.is_none().to_string(),
            ),
        ];
        for (name, value) in facts {
            shown.insert(name.to_owned(), value);
        }
        if subscription.protocol.starts_with("http") {
            let name = "EffectiveDeliveryPolicy".to_owned();
            shown.insert(name, DELIVERY_POLICY.to_owned());
        }
        shown.insert("Protocol".to_owned(), subscription.protocol);
        let mut default = |name: &str, value: &str| {
            shown
                .entry(name.to_owned())
                .or_insert_with(|| value.to_owned());
        };
        default("RawMessageDelivery", "false");
        if subscription.attributes.contains_key("FilterPolicy") {
            default("FilterPolicyScope", "MessageAttributes");
        }
        Ok(json!({ "Attributes": shown }))
    }

    pub(super) fn set_subscription_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let (key, subscription) = self.subscription(call)?;
        let name = call.input.text("AttributeName").unwrap_or_default();
        let value = call.input.text("AttributeValue").unwrap_or_default();
        let mut attributes = subscription.attributes;
        let cleared = value.is_empty() || (name == "FilterPolicy" && value == "{}");
        if cleared {
            attributes.remove(name);
        } else {
            attributes.insert(name.to_owned(), value.to_owned());
        }
        // A policy must fit its scope, whichever of the two is set last.
        check_all(&attributes, &subscription.protocol)?;
        self.subscriptions
            .update(&key, |one| one.attributes = attributes);
        Ok(json!({}))
    }

    fn subscription(&self, call: &Call) -> Result<(String, Subscription), AwsError> {
        let arn = call.input.text("SubscriptionArn").unwrap_or_default();
        let key = key_of(call, arn).ok_or_else(|| error::invalid("SubscriptionArn"))?;
        let found = self.subscriptions.get(&key);
        found
            .map(|found| (key, found))
            .ok_or_else(error::no_subscription)
    }
}

/// Refuses attributes that SNS refuses.
pub(super) fn check_all(
    attributes: &BTreeMap<String, String>,
    protocol: &str,
) -> Result<(), AwsError> {
    for (name, value) in attributes {
        match name.as_str() {
            "RawMessageDelivery" if !matches!(value.as_str(), "true" | "false") => {
                return Err(error::invalid(format!(
                    "Attributes Reason: RawMessageDelivery: Invalid value [{value}]. Must be true or false."
                )));
            }
            "RawMessageDelivery" if !matches!(protocol, "sqs" | "http" | "https" | "firehose") => {
                return Err(error::invalid(
                    "Attributes Reason: Delivery protocol does not support raw message delivery.",
                ));
            }
            "FilterPolicyScope"
                if !matches!(value.as_str(), "MessageAttributes" | "MessageBody") =>
            {
                return Err(error::invalid(format!(
                    "FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody or MessageAttributes"
                )));
            }
            "FilterPolicy" => {
                let scope = attributes.get("FilterPolicyScope").map(String::as_str);
                filter_policy::check(value, scope)?;
            }
            "RedrivePolicy" => {
                let policy = serde_json::from_str::<Value>(value).unwrap_or_default();
                let target = policy.text("deadLetterTargetArn").unwrap_or_default();
                if Arn::parse(target).is_none_or(|arn| arn.service != "sqs") {
                    return Err(error::invalid(
                        "RedrivePolicy: deadLetterTargetArn must be the ARN of an SQS queue",
                    ));
                }
            }
            "DeliveryPolicy" | "ReplayPolicy" => {
                if serde_json::from_str::<Value>(value).is_err() {
                    return Err(error::invalid(format!("{name}: failed to parse JSON.")));
                }
            }
            "RawMessageDelivery" | "FilterPolicyScope" | "SubscriptionRoleArn" => {}
            _ => return Err(error::invalid("AttributeName")),
        }
    }
    Ok(())
}
