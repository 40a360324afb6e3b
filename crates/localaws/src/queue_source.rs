//! A queue as a source of records: for event source mappings of Lambda and for pipes.
//!
//! Takes messages, shows them as the records that both hand on, and deletes what is done. Who gets
//! the records, and how many batches at a time, is decided elsewhere.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::arn::Arn;
use crate::params::Params;
use crate::{Aws, AwsError, Scope};

/// Who asks for messages.
const POLLER: &str = "service:poller";
/// Pause before a queue that cannot be read is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// A queue that is read.
#[derive(Debug)]
pub(crate) struct QueueSource<'a> {
    pub(crate) aws: &'a Aws,
    pub(crate) scope: &'a Scope,
    /// The queue's ARN.
    pub(crate) arn: &'a str,
}

impl QueueSource<'_> {
    /// Up to a batch of messages; waits a while for the first one, without making virtual time
    /// pass.
    pub(crate) async fn receive(&self, wanted: i64) -> Result<Vec<Value>, AwsError> {
        let wanted = usize::try_from(wanted).unwrap_or(10);
        let mut messages: Vec<Value> = Vec::new();
        while messages.len() < wanted {
            let input = json!({
                "QueueUrl": self.url(),
                "MaxNumberOfMessages": (wanted - messages.len()).min(10),
                "WaitTimeSeconds": if messages.is_empty() { 20 } else { 0 },
                "AttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
            });
            // In the name of a service, whose waiting does not push the clock.
            let call = self
                .aws
                .call_as(POLLER, self.scope, "sqs", "ReceiveMessage", input);
            match call.await?.output["Messages"].take() {
                Value::Array(more) if !more.is_empty() => messages.extend(more),
                _ => break,
            }
        }
        Ok(messages)
    }

    /// Takes the messages out of the queue for good.
    pub(crate) async fn delete(&self, messages: impl Iterator<Item = &Value>) {
        let entries: Vec<Value> = messages
            .enumerate()
            .map(|(n, one)| json!({ "Id": n.to_string(), "ReceiptHandle": one["ReceiptHandle"] }))
            .collect();
        for entries in entries.chunks(10) {
            let input = json!({ "QueueUrl": self.url(), "Entries": entries });
            let call = self
                .aws
                .call(self.scope, "sqs", "DeleteMessageBatch", input);
            if let Err(error) = call.await {
                tracing::warn!(queue = self.arn, %error, "messages cannot be deleted");
            }
        }
    }

    /// A message as a record.
    pub(crate) fn record(&self, message: &Value) -> Value {
        let mut attributes = Map::new();
        for (name, value) in message.map("MessageAttributes").into_iter().flatten() {
            let mut attribute = json!({
                "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"],
            });
            for (from, to) in [
                ("StringValue", "stringValue"),
                ("BinaryValue", "binaryValue"),
            ] {
                if let Some(value) = value.member(from) {
                    attribute[to] = value.clone();
                }
            }
            attributes.insert(name.clone(), attribute);
        }
        let mut record = json!({
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.map("Attributes").cloned().unwrap_or_default(),
            "messageAttributes": attributes,
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.arn,
            "awsRegion": self.scope.region,
        });
        if let Some(md5) = message.member("MD5OfMessageAttributes") {
            record["md5OfMessageAttributes"] = md5.clone();
        }
        record
    }

    fn url(&self) -> String {
        Arn::parse(self.arn).map_or_else(String::new, |arn| arn.queue_url(self.aws))
    }
}

/// Lets a moment pass before a queue is asked again that cannot be read. Under a virtual clock time
/// may stand still while the queue is made from outside, so there the machine's clock wakes too.
pub(crate) async fn pause(aws: &Aws) {
    let clock = aws.clock();
    let next = clock.now().saturating_add(PAUSE);
    let next = next.unwrap_or(jiff::Timestamp::MAX);
    tokio::select! {
        () = clock.sleep_until_background(next) => {}
        () = tokio::time::sleep(PAUSE), if clock.is_fast() => {}
    }
}

/// Ids of the messages that an answer reports as failed; `None` when it is not of the form that
/// `ReportBatchItemFailures` asks for, which fails the whole batch.
pub(crate) fn failures(payload: &[u8]) -> Option<Vec<String>> {
    let answer: Value = match payload.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(payload).ok()?,
    };
    let Some(items) = answer.member("batchItemFailures") else {
        let nothing = answer.is_null() || answer.as_object().is_some();
        return nothing.then(Vec::new);
    };
    let items = items.as_array()?.iter();
    items
        .map(|item| item.filled("itemIdentifier").map(str::to_owned))
        .collect()
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_messages_are_read_from_the_answer() {
        let some = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect());
        let table: [(&str, Option<Vec<String>>); 7] = [
            ("", some(&[])),
            ("null", some(&[])),
            ("{}", some(&[])),
            (r#"{"batchItemFailures":[]}"#, some(&[])),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#,
                some(&["a"]),
            ),
            (r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, None),
            ("\"text\"", None),
        ];
        for (payload, expected) in table {
            assert_eq!(failures(payload.as_bytes()), expected, "{payload}");
        }
    }
}
