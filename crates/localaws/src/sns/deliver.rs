//! Bringing a message to a topic's subscriptions.
//!
//! Queues have it before the publisher is answered, so that the order of a FIFO topic is kept and
//! tests need not wait; everything else is brought beside the call.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::envelope::{self, Message};
use super::state::{Mail, Subscription, Topic, subscription_prefix};
use super::{Sns, filter_policy, http_post};
use crate::arn::Arn;
use crate::params::Params;
use crate::{Aws, AwsError, Table};

/// Retries of an HTTP delivery and the pause before each, from the default delivery policy.
const RETRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(20);

impl Sns {
    pub(super) async fn deliver(&self, topic: &Topic, message: Message) {
        let message = Arc::new(message);
        let all = self.subscriptions.scan(&subscription_prefix(&topic.key()));
        for (_, subscription) in all {
            let body = message.text_for(&subscription.protocol);
            let wanted = filter_policy::wants(&subscription, message.attributes.as_ref(), body);
            if subscription.token.is_some() || !wanted {
                continue;
            }
            let job = Job {
                aws: self.aws.clone(),
                outbox: Arc::clone(&self.outbox),
                topic: topic.clone(),
                subscription,
                message: Arc::clone(&message),
            };
            if job.subscription.protocol == "sqs" {
                job.run().await;
            } else {
                self.aws.spawn(job.run());
            }
        }
    }
}

/// One message for one subscription.
struct Job {
    aws: Aws,
    outbox: Arc<Table<Mail>>,
    topic: Topic,
    subscription: Subscription,
    message: Arc<Message>,
}

impl Job {
    async fn run(self) {
        let delivered = match self.subscription.protocol.as_str() {
            "sqs" => self.to_queue(&self.subscription.endpoint).await,
            "lambda" => self.to_function().await,
            "http" => self.to_http().await,
            _ => {
                self.to_outbox();
                Ok(())
            }
        };
        let Err(error) = delivered else { return };
        let endpoint = &self.subscription.endpoint;
        tracing::warn!(endpoint, %error, "SNS message not delivered");
        let policy = self.subscription.attributes.get("RedrivePolicy");
        let policy = policy.and_then(|text| serde_json::from_str::<Value>(text).ok());
        let Some(target) = policy
            .as_ref()
            .and_then(|one| one.text("deadLetterTargetArn"))
        else {
            return;
        };
        if let Err(error) = self.to_queue(target).await {
            tracing::warn!(target, %error, "SNS message lost: no dead-letter queue");
        }
    }

    async fn to_queue(&self, arn: &str) -> Result<(), AwsError> {
        let Some(queue) = Arn::parse(arn) else {
            return Err(AwsError::new("InvalidParameter", "no queue ARN"));
        };
        let message = &self.message;
        let mut input = json!({ "QueueUrl": queue.queue_url(&self.aws) });
        if self.subscription.is_raw() {
            input["MessageBody"] = json!(message.text_for("sqs"));
            let attributes = message.attributes.iter().flatten();
            // A raw message has at most ten attributes, as queues allow.
            let attributes: Map<_, _> = attributes
                .take(10)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            input["MessageAttributes"] = Value::Object(attributes);
        } else {
            let document =
                envelope::notification(&self.aws, &self.topic, &self.subscription, message);
            input["MessageBody"] = json!(document.to_string());
        }
        if let Some(group) = &message.group {
            input["MessageGroupId"] = json!(group);
        }
        if let Some(id) = &message.deduplication
            && queue.resource.ends_with(".fifo")
        {
            input["MessageDeduplicationId"] = json!(id);
        }
        let scope = queue.scope(&self.topic.scope);
        self.aws.call(&scope, "sqs", "SendMessage", input).await?;
        Ok(())
    }

    async fn to_function(&self) -> Result<(), AwsError> {
        let function = &self.subscription.endpoint;
        let scope = Arn::parse(function).map(|arn| arn.scope(&self.topic.scope));
        let event =
            envelope::lambda_event(&self.aws, &self.topic, &self.subscription, &self.message);
        let input = json!({ "FunctionName": function, "InvocationType": "Event" });
        let scope = scope.as_ref().unwrap_or(&self.topic.scope);
        let payload = event.to_string().into();
        self.aws
            .call_raw(scope, "lambda", "Invoke", input, payload)
            .await?;
        Ok(())
    }

    async fn to_http(&self) -> Result<(), AwsError> {
        let subscription = &self.subscription;
        let mut headers = vec![
            ("x-amz-sns-message-type", "Notification".to_owned()),
            ("x-amz-sns-message-id", self.message.id.clone()),
            ("x-amz-sns-topic-arn", self.topic.arn()),
            ("x-amz-sns-subscription-arn", subscription.arn.clone()),
        ];
        let body = if subscription.is_raw() {
            headers.push(("x-amz-sns-rawdelivery", "true".to_owned()));
            self.message.text_for("http").to_owned()
        } else {
            envelope::notification(&self.aws, &self.topic, subscription, &self.message).to_string()
        };
        let mut tries = 0;
        loop {
            let busy = self.aws.clock().busy();
            let sent = http_post::post(&subscription.endpoint, &headers, &body).await;
            drop(busy);
            match sent {
                Ok(()) => return Ok(()),
                Err(reason) if tries == RETRIES => {
                    return Err(AwsError::new("EndpointUnavailable", reason));
                }
                Err(_) => tries += 1,
            }
            self.aws.clock().sleep(PAUSE).await;
        }
    }

    fn to_outbox(&self) {
        let protocol = &self.subscription.protocol;
        let text = match protocol.as_str() {
            "email-json" => {
                envelope::notification(&self.aws, &self.topic, &self.subscription, &self.message)
                    .to_string()
            }
            other => self.message.text_for(other).to_owned(),
        };
        let subject = self.message.subject.clone();
        let mail = Mail {
            at: self.message.at,
            protocol: protocol.clone(),
            to: self.subscription.endpoint.clone(),
            topic: Some(self.topic.arn()),
            subject: Some(subject.unwrap_or_else(|| "AWS Notification Message".to_owned())),
            text,
        };
        let id = self.aws.ids().uuid();
        self.outbox.put(&format!("{}/{id}", self.message.at), mail);
    }
}
