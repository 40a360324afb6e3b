//! Subscribe, ConfirmSubscription, Unsubscribe, ListSubscriptions, ListSubscriptionsByTopic.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state::{Mail, Subscription, Topic, key_of, subscription_prefix};
use super::{Sns, error, http_post, subscription_attributes};
use crate::arn::Arn;
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

impl Sns {
    pub(super) async fn subscribe(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.topic(call, "TopicArn")?;
        let protocol = call.input.text("Protocol").unwrap_or_default();
        let endpoint = call.input.text("Endpoint").unwrap_or_default();
        check_endpoint(&topic, protocol, endpoint)?;
        let given = call.input.map("Attributes").into_iter().flatten();
        let mut attributes = BTreeMap::new();
        for (name, value) in given {
            let value = value.as_str().unwrap_or_default();
            attributes.insert(name.clone(), value.to_owned());
        }
        subscription_attributes::check_all(&attributes, protocol)?;

        let prefix = subscription_prefix(&topic.key());
        for (_, there) in self.subscriptions.scan(&prefix) {
            if there.protocol == protocol && there.endpoint == endpoint {
                if !attributes.is_empty() && attributes != there.attributes {
                    return Err(error::invalid(
                        "Attributes Reason: Subscription already exists with different attributes",
                    ));
                }
                return Ok(shown_arn(call, &there));
            }
        }
        let id = self.aws.ids().uuid();
        let needs_consent = matches!(protocol, "email" | "email-json" | "http" | "https");
        let subscription = Subscription {
            arn: format!("{}:{id}", topic.arn()),
            topic: topic.arn(),
            owner: call.scope.account.clone(),
            protocol: protocol.to_owned(),
            endpoint: endpoint.to_owned(),
            attributes,
            token: needs_consent.then(|| self.aws.ids().hex(64)),
        };
        self.subscriptions
            .put(&format!("{prefix}{id}"), subscription.clone());
        if let Some(token) = &subscription.token {
            self.ask_for_consent(&topic, &subscription, token);
        }
        Ok(shown_arn(call, &subscription))
    }

    fn ask_for_consent(&self, topic: &Topic, subscription: &Subscription, token: &str) {
        let arn = topic.arn();
        let text = format!(
            "You have chosen to subscribe to the topic {arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message."
        );
        let url = format!(
            "{}/?Action=ConfirmSubscription&TopicArn={arn}&Token={token}",
            self.aws.endpoint()
        );
        let id = self.aws.ids().uuid();
        let now = self.aws.clock().now();
        if subscription.protocol.starts_with("email") {
            let mail = Mail {
                at: now,
                protocol: subscription.protocol.clone(),
                to: subscription.endpoint.clone(),
                topic: Some(arn),
                subject: Some("AWS Notification - Subscription Confirmation".to_owned()),
                text: format!("{text}\n{url}"),
            };
            self.outbox.put(&format!("{now}/{id}"), mail);
            return;
        }
        let message = json!({
            "Type": "SubscriptionConfirmation",
            "MessageId": id,
            "Token": token,
            "TopicArn": arn,
            "Message": text,
            "SubscribeURL": url,
            "Timestamp": super::envelope::time(now),
            "SignatureVersion": "1",
            "Signature": super::envelope::signature(&text),
            "SigningCertURL": super::envelope::certificate(&topic.scope),
        });
        let endpoint = subscription.endpoint.clone();
        let headers = [
            (
                "x-amz-sns-message-type",
                "SubscriptionConfirmation".to_owned(),
            ),
            ("x-amz-sns-message-id", id),
            ("x-amz-sns-topic-arn", topic.arn()),
        ];
        let busy = self.aws.clock().busy();
        self.aws.spawn(async move {
            let sent = http_post::post(&endpoint, &headers, &message.to_string()).await;
            if let Err(error) = sent {
                tracing::warn!(endpoint, %error, "subscription confirmation not delivered");
            }
            drop(busy);
        });
    }

    pub(super) fn confirm_subscription(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.topic(call, "TopicArn")?;
        let token = call.input.filled("Token");
        let all = self.subscriptions.scan(&subscription_prefix(&topic.key()));
        let mut all = all.into_iter();
        let found = all.find(|(_, one)| token.is_some() && one.token.as_deref() == token);
        let (key, found) = found.ok_or_else(|| error::invalid("Token"))?;
        self.subscriptions.update(&key, |one| one.token = None);
        Ok(json!({ "SubscriptionArn": found.arn }))
    }

    pub(super) fn unsubscribe(&self, call: &Call) -> Result<Value, AwsError> {
        let arn = call.input.text("SubscriptionArn").unwrap_or_default();
        let key = key_of(call, arn).filter(|key| key.contains(':'));
        let key = key.ok_or_else(|| {
            error::invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1")
        })?;
        if self.subscriptions.remove(&key).is_some()
            && let Some((topic, _)) = key.rsplit_once(':')
        {
            self.topics.update(topic, |topic| topic.deleted += 1);
        }
        Ok(json!({}))
    }

    pub(super) fn list_subscriptions(&self, call: &Call) -> Result<Value, AwsError> {
        self.list(call, &call.scope.prefix())
    }

    pub(super) fn list_subscriptions_by_topic(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.topic(call, "TopicArn")?;
        self.list(call, &subscription_prefix(&topic.key()))
    }

    fn list(&self, call: &Call, prefix: &str) -> Result<Value, AwsError> {
        let all = self.subscriptions.scan(prefix);
        let token = call.input.text("NextToken");
        let shown = page(all, |(key, _)| key.clone(), token, 100);
        let (page, next) = shown.ok_or_else(|| error::invalid("NextToken"))?;
        let shown = page.iter().map(|(_, one)| {
            let arn = match one.token {
                Some(_) => "PendingConfirmation",
                None => one.arn.as_str(),
            };
            json!({
                "SubscriptionArn": arn,
                "Owner": one.owner,
                "Protocol": one.protocol,
                "Endpoint": one.endpoint,
                "TopicArn": one.topic,
            })
        });
        let mut output = json!({ "Subscriptions": shown.collect::<Vec<_>>() });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }
}

fn shown_arn(call: &Call, subscription: &Subscription) -> Value {
    let hidden = subscription.token.is_some() && !call.input.flag("ReturnSubscriptionArn");
    let arn = if hidden {
        "pending confirmation"
    } else {
        &subscription.arn
    };
    json!({ "SubscriptionArn": arn })
}

fn check_endpoint(topic: &Topic, protocol: &str, endpoint: &str) -> Result<(), AwsError> {
    if topic.is_fifo() && protocol != "sqs" {
        return Err(error::invalid(format!(
            "Invalid protocol type: {protocol}. FIFO topics deliver to SQS queues only"
        )));
    }
    let of_service = |service: &str| Arn::parse(endpoint).is_some_and(|arn| arn.service == service);
    match protocol {
        "sqs" if !of_service("sqs") => Err(error::invalid("SQS endpoint ARN")),
        "sqs" if endpoint.ends_with(".fifo") && !topic.is_fifo() => Err(error::invalid(
            "Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
        )),
        "lambda" if !of_service("lambda") => Err(error::invalid("Lambda endpoint ARN")),
        "email" | "email-json" if !endpoint.contains('@') => Err(error::invalid("Email address")),
        "sms" => {
            let digits = endpoint
                .strip_prefix('+')
                .unwrap_or(endpoint)
                .replace('-', "");
            let good = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            match good {
                true => Ok(()),
                false => Err(error::invalid(format!("Invalid SMS endpoint: {endpoint}"))),
            }
        }
        "http" => http_post::check(endpoint).map_err(error::invalid),
        // There is no certificate here that a client on this machine would be asked for.
        "https" => Err(error::invalid(
            "Endpoint Reason: this endpoint delivers to http://localhost only",
        )),
        "sqs" | "lambda" | "email" | "email-json" => Ok(()),
        "application" | "firehose" => Err(AwsError::not_implemented(
            "sns",
            &format!("Subscribe with protocol {protocol}"),
        )),
        _ => Err(error::invalid(format!(
            "Amazon SNS does not support this protocol string: {protocol}"
        ))),
    }
}
