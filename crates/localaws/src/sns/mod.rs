//! The sns service: topics that deliver to queues, functions and programs on this machine.
//!
//! Mail and short messages are kept, never sent. Signatures of messages cannot be verified: AWS's
//! key is not ours. Mobile push and Firehose are not built.

mod attributes;
mod deliver;
mod envelope;
mod error;
mod filter_policy;
mod http_post;
mod publish;
mod state;
mod subscribe;
mod subscription_attributes;
mod tag;
#[cfg(test)]
mod tests;
mod topic;

use std::sync::Arc;

use async_trait::async_trait;

use crate::params::Params;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use jiff::Timestamp;
use state::{Mail, Subscription, Topic};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Sns {
        aws: aws.clone(),
        topics: aws.store().table("sns.topics"),
        subscriptions: aws.store().table("sns.subscriptions"),
        sent: aws.store().table("sns.deduplication"),
        outbox: Arc::new(aws.store().table("sns.outbox")),
    })
}

struct Sns {
    aws: Aws,
    topics: Table<Topic>,
    subscriptions: Table<Subscription>,
    /// When a FIFO topic was given a deduplication id, and which message that made.
    sent: Table<(Timestamp, String)>,
    outbox: Arc<Table<Mail>>,
}

#[async_trait]
impl Service for Sns {
    fn name(&self) -> &'static str {
        "sns"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let output = match call.action.as_str() {
            "CreateTopic" => self.create_topic(&call),
            "DeleteTopic" => self.delete_topic(&call),
            "ListTopics" => self.list_topics(&call),
            "GetTopicAttributes" => self.get_topic_attributes(&call),
            "SetTopicAttributes" => self.set_topic_attributes(&call),
            "Subscribe" => self.subscribe(&call).await,
            "ConfirmSubscription" => self.confirm_subscription(&call),
            "Unsubscribe" => self.unsubscribe(&call),
            "ListSubscriptions" => self.list_subscriptions(&call),
            "ListSubscriptionsByTopic" => self.list_subscriptions_by_topic(&call),
            "GetSubscriptionAttributes" => self.get_subscription_attributes(&call),
            "SetSubscriptionAttributes" => self.set_subscription_attributes(&call),
            "Publish" => self.publish(&call).await,
            "PublishBatch" => self.publish_batch(&call).await,
            "TagResource" => self.tag_resource(&call),
            "UntagResource" => self.untag_resource(&call),
            "ListTagsForResource" => self.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("sns", &call.action)),
        };
        output.map(Reply::from)
    }
}

impl Sns {
    /// The topic that a member names by its ARN.
    fn topic(&self, call: &Call, member: &str) -> Result<Topic, AwsError> {
        let arn = call.input.text(member).unwrap_or_default();
        let key = state::key_of(call, arn).ok_or_else(|| error::invalid(member))?;
        self.topics.get(&key).ok_or_else(error::no_topic)
    }
}
