//! CreateQueue, GetQueueUrl, ListQueues, ListDeadLetterSourceQueues, DeleteQueue, PurgeQueue.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::state::{Queue, message_key};
use super::{Sqs, attributes, error};
use crate::params::Params;
use crate::{AwsError, Call, Scope};

impl Sqs {
    pub(super) fn create_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.filled("QueueName");
        let name = name.ok_or_else(|| error::missing("QueueName"))?;
        let given = attributes::given(input)?;
        check_name(
            name,
            given.get("FifoQueue").map(String::as_str) == Some("true"),
        )?;
        let now = self.aws.clock().now();
        let mut queue = Queue {
            name: name.to_owned(),
            scope: call.scope.clone(),
            created: now,
            modified: now,
            attributes: BTreeMap::new(),
            tags: super::tag::given(input.map("tags"))?,
            purged: None,
        };
        self.check_attributes(&queue, &given)?;
        if let Some(there) = self.queues.get(&queue.key()) {
            for (attribute, value) in &given {
                if self.attribute(&there, attribute).as_ref() != Some(value) {
                    return Err(AwsError::new(
                        "QueueNameExists",
                        format!(
                            "A queue already exists with the same name and a different value for attribute {attribute}"
                        ),
                    ));
                }
            }
            return Ok(json!({ "QueueUrl": self.url(&there) }));
        }
        attributes::set(&mut queue.attributes, given);
        let url = self.url(&queue);
        self.queues.put(&queue.key(), queue);
        Ok(json!({ "QueueUrl": url }))
    }

    pub(super) fn get_queue_url(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.filled("QueueName");
        let name = name.ok_or_else(|| error::missing("QueueName"))?;
        let owner = call.input.filled("QueueOwnerAWSAccountId");
        let scope = Scope {
            account: owner.unwrap_or(&call.scope.account).to_owned(),
            region: call.scope.region.clone(),
        };
        let queue = self.queues.get(&scope.key(name));
        let queue = queue.ok_or_else(error::no_queue)?;
        Ok(json!({ "QueueUrl": self.url(&queue) }))
    }

    pub(super) fn list_queues(&self, call: &Call) -> Result<Value, AwsError> {
        let prefix = call.input.text("QueueNamePrefix").unwrap_or_default();
        let queues = self.queues.scan(&call.scope.key(prefix));
        self.page(
            call,
            queues.into_iter().map(|(_, queue)| queue),
            "QueueUrls",
        )
    }

    pub(super) fn list_dead_letter_source_queues(&self, call: &Call) -> Result<Value, AwsError> {
        let target = self.queue(call)?.arn();
        let queues = self.queues.scan(&call.scope.prefix()).into_iter();
        let sources = queues.map(|(_, queue)| queue).filter(|queue| {
            let redrive = queue.redrive();
            redrive.is_some_and(|redrive| redrive.target == target)
        });
        self.page(call, sources, "queueUrls")
    }

    fn page(
        &self,
        call: &Call,
        queues: impl Iterator<Item = Queue>,
        member: &str,
    ) -> Result<Value, AwsError> {
        let most = call.input.number("MaxResults");
        if most.is_some_and(|most| !(1..=1000).contains(&most)) {
            return Err(error::invalid_because(
                most.unwrap_or(0),
                "MaxResults",
                "MaxResults must be an integer between 1 and 1000.",
            ));
        }
        let after = call.input.text("NextToken").unwrap_or_default();
        let page = usize::try_from(most.unwrap_or(1000)).unwrap_or(1000);
        let mut rest = queues.filter(|queue| queue.name.as_str() > after);
        let shown: Vec<_> = rest.by_ref().take(page).collect();
        let mut output = json!({});
        if !shown.is_empty() || member == "queueUrls" {
            let urls: Vec<_> = shown.iter().map(|queue| self.url(queue)).collect();
            output[member] = json!(urls);
        }
        // Only who asks for pages gets them; all others see the first thousand.
        if most.is_some()
            && rest.next().is_some()
            && let Some(last) = shown.last()
        {
            output["NextToken"] = json!(last.name);
        }
        Ok(output)
    }

    pub(super) fn delete_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        self.queues.remove(&queue.key());
        self.drop_messages(&queue);
        self.wake(&queue.key());
        Ok(json!({}))
    }

    pub(super) fn purge_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let now = self.aws.clock().now();
        let minute = SignedDuration::from_secs(60);
        if queue
            .purged
            .is_some_and(|last| now.duration_since(last) < minute)
        {
            let name = &queue.name;
            return Err(AwsError::new(
                "PurgeQueueInProgress",
                format!("Only one PurgeQueue operation on {name} is allowed every 60 seconds."),
            ));
        }
        self.queues
            .update(&queue.key(), |queue| queue.purged = Some(now));
        self.drop_messages(&queue);
        Ok(json!({}))
    }

    fn drop_messages(&self, queue: &Queue) {
        let _taking = self.take();
        let prefix = format!("{}/", queue.key());
        for (_, message) in self.messages.scan(&prefix) {
            self.messages
                .remove(&message_key(&queue.key(), message.sequence));
        }
        for (key, _) in self.sent.scan(&prefix) {
            self.sent.remove(&key);
        }
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
    if right && name.len() <= 80 {
        return Ok(());
    }
    Err(error::invalid_value(if fifo {
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
    } else {
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    }))
}
