//! CreateTopic, DeleteTopic, ListTopics.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state::{Topic, subscription_prefix};
use super::{Sns, attributes, error, tag};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

impl Sns {
    pub(super) fn create_topic(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        let given = call.input.map("Attributes").into_iter().flatten();
        let mut set = BTreeMap::new();
        for (name, value) in given {
            let value = value.as_str().unwrap_or_default();
            set.insert(name.clone(), value.to_owned());
        }
        let fifo = set.get("FifoTopic").map(String::as_str) == Some("true");
        check_name(name, fifo)?;
        for (name, value) in &set {
            attributes::check(name, value, fifo)?;
        }
        let topic = Topic {
            name: name.to_owned(),
            scope: call.scope.clone(),
            attributes: set,
            tags: tag::given(&call.input),
            deleted: 0,
            sequence: 0,
        };
        let arn = topic.arn();
        if let Some(there) = self.topics.get(&topic.key()) {
            let differs = topic
                .attributes
                .iter()
                .any(|(name, value)| self.attribute(&there, name).as_ref() != Some(value));
            if differs {
                return Err(error::invalid(
                    "Attributes Reason: Topic already exists with different attributes",
                ));
            }
            if !topic.tags.is_empty() && topic.tags != there.tags {
                return Err(error::invalid(
                    "Tags Reason: Topic already exists with different tags",
                ));
            }
            return Ok(json!({ "TopicArn": arn }));
        }
        self.topics.put(&topic.key(), topic);
        Ok(json!({ "TopicArn": arn }))
    }

    pub(super) fn delete_topic(&self, call: &Call) -> Result<Value, AwsError> {
        // Deleting what is not there succeeds.
        if let Ok(topic) = self.topic(call, "TopicArn") {
            self.topics.remove(&topic.key());
            for (key, _) in self.subscriptions.scan(&subscription_prefix(&topic.key())) {
                self.subscriptions.remove(&key);
            }
        }
        Ok(json!({}))
    }

    pub(super) fn list_topics(&self, call: &Call) -> Result<Value, AwsError> {
        let topics = self.topics.scan(&call.scope.prefix());
        let token = call.input.text("NextToken");
        let shown = page(topics, |(key, _)| key.clone(), token, 100);
        let (topics, next) = shown.ok_or_else(|| error::invalid("NextToken"))?;
        let arns = topics
            .iter()
            .map(|(_, topic)| json!({ "TopicArn": topic.arn() }));
        let mut output = json!({ "Topics": arns.collect::<Vec<_>>() });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }
}

fn check_name(name: &str, fifo: bool) -> Result<(), AwsError> {
    let stem = if fifo {
        name.strip_suffix(".fifo")
    } else {
        Some(name)
    };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let right = stem.is_some_and(|stem| !stem.is_empty() && stem.bytes().all(good));
    if right && name.len() <= 256 {
        return Ok(());
    }
    Err(error::invalid(if fifo {
        "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long."
    } else {
        "Topic Name"
    }))
}
