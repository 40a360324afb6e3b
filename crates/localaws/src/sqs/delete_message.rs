//! DeleteMessage and DeleteMessageBatch.

use serde_json::{Value, json};

use super::state::{Queue, message_key};
use super::{Sqs, batch, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl Sqs {
    pub(super) fn delete_message(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        self.delete_received(&queue, &call.input)?;
        Ok(json!({}))
    }

    pub(super) fn delete_message_batch(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, entry) in batch(call, "DeleteMessageBatchRequestEntry")? {
            match self.delete_received(&queue, entry) {
                Ok(()) => successful.push(json!({ "Id": id })),
                Err(error) => failed.push(error::failed_entry(id, &error)),
            }
        }
        Ok(json!({ "Successful": successful, "Failed": failed }))
    }

    /// Deletes what the receipt handle is about. A handle that is no longer the last one deletes
    /// nothing, and that is no error, as on AWS.
    fn delete_received(&self, queue: &Queue, input: &Value) -> Result<(), AwsError> {
        let handle = input.filled("ReceiptHandle");
        let handle = handle.ok_or_else(|| error::missing("ReceiptHandle"))?;
        let _taking = self.take();
        if let Some(message) = self.received(queue, handle)? {
            let key = message_key(&queue.key(), message.sequence);
            self.messages.remove(&key);
            // The next message of the group may be seen now.
            if queue.is_fifo() {
                self.wake(&queue.key());
            }
        }
        Ok(())
    }
}
