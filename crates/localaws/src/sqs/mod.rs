//! The sqs service: standard and FIFO queues whose messages are hidden, delayed, received again
//! and moved to dead-letter queues as on AWS.
//!
//! Queue policies are kept and shown; nobody is refused by them.

mod attributes;
mod change_visibility;
mod delete_message;
mod digest;
mod error;
mod message_move_task;
mod permission;
mod queue;
mod receive_message;
mod send_message;
mod state;
mod tag;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use serde_json::Value;
use tokio::sync::Notify;

use crate::params::Params;
use crate::{Aws, AwsError, Call, Reply, Scope, Service, Table};
use message_move_task::MoveTask;
use state::{Message, Queue, Sent};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    let messages = aws.store().table::<Message>("sqs.messages");
    let mut last = 0;
    messages.walk("", "", |_, message| {
        last = last.max(message.sequence);
        true
    });
    Arc::new(Sqs {
        aws: aws.clone(),
        queues: aws.store().table("sqs.queues"),
        messages,
        sent: aws.store().table("sqs.deduplication"),
        moves: aws.store().table("sqs.move-tasks"),
        sequence: AtomicU64::new(last),
        taking: Mutex::new(()),
        arrivals: Mutex::new(BTreeMap::new()),
    })
}

struct Sqs {
    aws: Aws,
    queues: Table<Queue>,
    messages: Table<Message>,
    sent: Table<Sent>,
    moves: Table<MoveTask>,
    sequence: AtomicU64,
    /// Held where messages are looked for and changed in several steps.
    taking: Mutex<()>,
    /// Wakes those who wait for a message in a queue.
    arrivals: Mutex<BTreeMap<String, Arc<Notify>>>,
}

#[async_trait]
impl Service for Sqs {
    fn name(&self) -> &'static str {
        "sqs"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let output = match call.action.as_str() {
            "CreateQueue" => self.create_queue(&call),
            "GetQueueUrl" => self.get_queue_url(&call),
            "ListQueues" => self.list_queues(&call),
            "ListDeadLetterSourceQueues" => self.list_dead_letter_source_queues(&call),
            "DeleteQueue" => self.delete_queue(&call),
            "PurgeQueue" => self.purge_queue(&call),
            "GetQueueAttributes" => self.get_queue_attributes(&call),
            "SetQueueAttributes" => self.set_queue_attributes(&call),
            "AddPermission" => self.add_permission(&call),
            "RemovePermission" => self.remove_permission(&call),
            "TagQueue" => self.tag_queue(&call),
            "UntagQueue" => self.untag_queue(&call),
            "ListQueueTags" => self.list_queue_tags(&call),
            "SendMessage" => self.send_message(&call),
            "SendMessageBatch" => self.send_message_batch(&call),
            "ReceiveMessage" => self.receive_message(&call).await,
            "DeleteMessage" => self.delete_message(&call),
            "DeleteMessageBatch" => self.delete_message_batch(&call),
            "ChangeMessageVisibility" => self.change_message_visibility(&call),
            "ChangeMessageVisibilityBatch" => self.change_message_visibility_batch(&call),
            "StartMessageMoveTask" => self.start_message_move_task(&call),
            "ListMessageMoveTasks" => self.list_message_move_tasks(&call),
            "CancelMessageMoveTask" => self.cancel_message_move_task(&call),
            _ => Err(AwsError::not_implemented("sqs", &call.action)),
        };
        output.map(Reply::from)
    }
}

impl Sqs {
    /// The queue that a call names by its URL.
    fn queue(&self, call: &Call) -> Result<Queue, AwsError> {
        let url = call.input.filled("QueueUrl");
        let url = url.ok_or_else(|| error::missing("QueueUrl"))?;
        let mut parts = url.trim_end_matches('/').rsplit('/');
        let name = parts.next().unwrap_or_default();
        let account = parts.next().filter(|part| is_account(part));
        let scope = Scope {
            account: account.unwrap_or(&call.scope.account).to_owned(),
            region: call.scope.region.clone(),
        };
        self.queues
            .get(&scope.key(name))
            .ok_or_else(error::no_queue)
    }

    fn url(&self, queue: &Queue) -> String {
        let (endpoint, account) = (self.aws.endpoint(), &queue.scope.account);
        format!("{endpoint}/{account}/{}", queue.name)
    }

    fn next_sequence(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn take(&self) -> MutexGuard<'_, ()> {
        self.taking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrivals(&self, queue: &str) -> Arc<Notify> {
        let mut all = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(queue.to_owned()).or_default())
    }

    /// Changes the messages of a queue, then wakes those who wait for one.
    fn wake(&self, queue: &str) {
        self.arrivals(queue).notify_waiters();
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The entries of a batch with their ids, checked as every batch operation checks them.
fn batch<'c>(call: &'c Call, entry: &str) -> Result<Vec<(&'c str, &'c Value)>, AwsError> {
    let entries = call.input.items("Entries");
    if entries.is_empty() {
        let message = format!("There should be at least one {entry} in the request.");
        return Err(AwsError::new("EmptyBatchRequest", message));
    }
    if entries.len() > 10 {
        let message = format!(
            "Maximum number of entries per request are 10. You have sent {}.",
            entries.len()
        );
        return Err(AwsError::new("TooManyEntriesInBatchRequest", message));
    }
    let mut batch: Vec<(&str, &Value)> = Vec::new();
    for entry in entries {
        let id = entry.text("Id").unwrap_or_default();
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.is_empty() || id.len() > 80 || !id.bytes().all(good) {
            let message = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
            return Err(AwsError::new("InvalidBatchEntryId", message));
        }
        if batch.iter().any(|(other, _)| *other == id) {
            let message = format!("Id {id} repeated.");
            return Err(AwsError::new("BatchEntryIdsNotDistinct", message));
        }
        batch.push((id, entry));
    }
    Ok(batch)
}
