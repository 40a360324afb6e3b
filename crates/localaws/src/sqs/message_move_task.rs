//! StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask: messages of a dead-letter
//! queue go back to where they came from. All move at once, so there is nothing to cancel.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::state::Queue;
use super::{Sqs, error};
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MoveTask {
    source: String,
    destination: Option<String>,
    rate: Option<i64>,
    moved: u64,
    started: Timestamp,
}

impl Sqs {
    pub(super) fn start_message_move_task(&self, call: &Call) -> Result<Value, AwsError> {
        let source = self.queue_by_arn(call, "SourceArn")?;
        let source = source.ok_or_else(|| error::missing("SourceArn"))?;
        let destination = self.queue_by_arn(call, "DestinationArn")?;
        let queues = self.queues.scan(&source.scope.prefix());
        let is_target = queues.iter().any(|(_, queue)| {
            let redrive = queue.redrive();
            redrive.is_some_and(|redrive| redrive.target == source.arn())
        });
        if !is_target {
            return Err(error::invalid_value(
                "Source queue must be configured as a Dead Letter Queue.",
            ));
        }
        let taking = self.take();
        let mut moved = 0;
        for (key, message) in self.messages.scan(&format!("{}/", source.key())) {
            let origin = message.system.get("DeadLetterQueueSourceArn");
            let home = match (&destination, origin.and_then(|arn| Arn::parse(arn))) {
                (Some(queue), _) => Some(queue.key()),
                (None, Some(arn)) => Some(arn.scope(&source.scope).key(arn.resource)),
                (None, None) => None,
            };
            let Some(home) = home.filter(|home| self.queues.contains(home)) else {
                continue;
            };
            if let Some(mut message) = self.messages.remove(&key) {
                message.received = 0;
                message.first_received = None;
                self.rehouse(message, &home, None);
                moved += 1;
            }
        }
        drop(taking);
        let task = MoveTask {
            source: source.arn(),
            destination: destination.map(|queue| queue.arn()),
            rate: call.input.number("MaxNumberOfMessagesPerSecond"),
            moved,
            started: self.aws.clock().now(),
        };
        let id = self.aws.ids().uuid();
        let handle = json!({ "taskId": id, "sourceArn": task.source }).to_string();
        self.moves.put(&format!("{}/{id}", source.key()), task);
        Ok(json!({ "TaskHandle": BASE64.encode(handle) }))
    }

    pub(super) fn list_message_move_tasks(&self, call: &Call) -> Result<Value, AwsError> {
        let source = self.queue_by_arn(call, "SourceArn")?;
        let source = source.ok_or_else(|| error::missing("SourceArn"))?;
        let most = call.input.number("MaxResults").unwrap_or(1).clamp(1, 10);
        let mut tasks = self.moves.scan(&format!("{}/", source.key()));
        tasks.sort_by_key(|(_, task)| std::cmp::Reverse(task.started));
        let newest = tasks.iter().take(usize::try_from(most).unwrap_or(1));
        let shown: Vec<_> = newest
            .map(|(_, task)| {
                let mut shown = json!({
                    "Status": "COMPLETED",
                    "SourceArn": task.source,
                    "ApproximateNumberOfMessagesMoved": task.moved,
                    "ApproximateNumberOfMessagesToMove": task.moved,
                    "StartedTimestamp": task.started.as_millisecond(),
                });
                if let Some(destination) = &task.destination {
                    shown["DestinationArn"] = json!(destination);
                }
                if let Some(rate) = task.rate {
                    shown["MaxNumberOfMessagesPerSecond"] = json!(rate);
                }
                shown
            })
            .collect();
        Ok(json!({ "Results": shown }))
    }

    pub(super) fn cancel_message_move_task(&self, _call: &Call) -> Result<Value, AwsError> {
        Err(AwsError::new(
            "ResourceNotFoundException",
            "Only active tasks can be cancelled.",
        )
        .with_status(404))
    }

    fn queue_by_arn(&self, call: &Call, member: &str) -> Result<Option<Queue>, AwsError> {
        let Some(text) = call.input.filled(member) else {
            return Ok(None);
        };
        let arn = Arn::parse(text).filter(|arn| arn.service == "sqs");
        let queue = arn.and_then(|arn| self.queues.get(&arn.scope(&call.scope).key(arn.resource)));
        let missing = || {
            let message =
                "The resource that you specified for the SourceArn parameter doesn't exist.";
            AwsError::new("ResourceNotFoundException", message).with_status(404)
        };
        queue.map(Some).ok_or_else(missing)
    }
}
