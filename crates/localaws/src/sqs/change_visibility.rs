//! ChangeMessageVisibility and its batch.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::state::{Queue, message_key};
use super::{Sqs, batch, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl Sqs {
    pub(super) fn change_message_visibility(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        self.change_visibility(&queue, &call.input)?;
        Ok(json!({}))
    }

    pub(super) fn change_message_visibility_batch(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, entry) in batch(call, "ChangeMessageVisibilityBatchRequestEntry")? {
            match self.change_visibility(&queue, entry) {
                Ok(()) => successful.push(json!({ "Id": id })),
                Err(error) => failed.push(error::failed_entry(id, &error)),
            }
        }
        Ok(json!({ "Successful": successful, "Failed": failed }))
    }

    fn change_visibility(&self, queue: &Queue, input: &Value) -> Result<(), AwsError> {
        let handle = input.filled("ReceiptHandle");
        let handle = handle.ok_or_else(|| error::missing("ReceiptHandle"))?;
        let seconds = input.number("VisibilityTimeout").unwrap_or(0);
        if !(0..=43_200).contains(&seconds) {
            return Err(error::invalid_because(
                seconds,
                "VisibilityTimeout",
                "VisibilityTimeout must be an integer between 0 and 43200.",
            ));
        }
        let now = self.aws.clock().now();
        let until = now.checked_add(SignedDuration::from_secs(seconds));
        let until = until.unwrap_or(Timestamp::MAX);
        let _taking = self.take();
        let message = self.received(queue, handle)?;
        let Some(message) = message.filter(|message| message.in_flight(now)) else {
            return Err(error::invalid_because(
                handle,
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.",
            ));
        };
        let key = message_key(&queue.key(), message.sequence);
        self.messages
            .update(&key, |message| message.visible = until);
        self.wake(&queue.key());
        Ok(())
    }
}
