//! SendMessage and SendMessageBatch.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::state::{Message, Queue, Sent, message_key};
use super::{Sqs, batch, digest, error};
use crate::params::Params;
use crate::{AwsError, Call};

/// How long a deduplication id is remembered.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

impl Sqs {
    pub(super) fn send_message(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let answer = self.send(call, &queue, &call.input)?;
        self.wake(&queue.key());
        Ok(answer)
    }

    pub(super) fn send_message_batch(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let entries = batch(call, "SendMessageBatchRequestEntry")?;
        let total: usize = entries.iter().map(|(_, entry)| size(entry)).sum();
        let most = 1_048_576;
        if total > most {
            return Err(AwsError::new(
                "BatchRequestTooLong",
                format!(
                    "Batch requests cannot be longer than {most} bytes. You have sent {total} bytes."
                ),
            ));
        }
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, entry) in entries {
            match self.send(call, &queue, entry) {
                Ok(mut answer) => {
                    answer["Id"] = json!(id);
                    successful.push(answer);
                }
                Err(error) => failed.push(error::failed_entry(id, &error)),
            }
        }
        self.wake(&queue.key());
        Ok(json!({ "Successful": successful, "Failed": failed }))
    }

    fn send(&self, call: &Call, queue: &Queue, input: &Value) -> Result<Value, AwsError> {
        let body = input.filled("MessageBody");
        let body = body.ok_or_else(|| error::missing("MessageBody"))?;
        let attributes = message_attributes(input)?;
        check_body(queue, body, size(input))?;
        let delay = self.delay(queue, input)?;
        let now = self.aws.clock().now();
        let mut system = BTreeMap::from([
            ("SenderId".to_owned(), call.scope.account.clone()),
            ("SentTimestamp".to_owned(), now.as_millisecond().to_string()),
        ]);
        let trace = input.map("MessageSystemAttributes");
        let trace = trace.and_then(|all| all.get("AWSTraceHeader")?.text("StringValue"));
        if let Some(trace) = trace {
            system.insert("AWSTraceHeader".to_owned(), trace.to_owned());
        }
        let group = input.filled("MessageGroupId");
        if let Some(group) = group {
            system.insert("MessageGroupId".to_owned(), group.to_owned());
        }
        let deduplication = deduplication(queue, input, body)?;
        if let Some(id) = &deduplication {
            system.insert("MessageDeduplicationId".to_owned(), id.clone());
        }

        let _taking = self.take();
        let remembered = deduplication.map(|id| remembered_key(queue, group, &id));
        if let Some(key) = &remembered {
            self.forget(queue, now);
            if let Some(sent) = self.sent.get(key) {
                return Ok(answer(queue, body, &attributes, &sent.id, sent.sequence));
            }
        }
        let message = Message {
            id: self.aws.ids().uuid(),
            sequence: self.next_sequence(),
            body: body.to_owned(),
            attributes,
            system,
            sent: now,
            visible: now.checked_add(delay).unwrap_or(now),
            received: 0,
            first_received: None,
            receipt: None,
        };
        let (id, sequence) = (message.id.clone(), message.sequence);
        let answer = answer(queue, body, &message.attributes, &id, sequence);
        self.messages
            .put(&message_key(&queue.key(), sequence), message);
        if let Some(key) = remembered {
            self.sent.put(
                &key,
                Sent {
                    at: now,
                    id,
                    sequence,
                },
            );
        }
        Ok(answer)
    }

    fn delay(&self, queue: &Queue, input: &Value) -> Result<SignedDuration, AwsError> {
        let Some(seconds) = input.number("DelaySeconds") else {
            return Ok(queue.seconds("DelaySeconds"));
        };
        if queue.is_fifo() && seconds != 0 {
            return Err(error::invalid_because(
                seconds,
                "DelaySeconds",
                "The request include parameter that is not valid for this queue type.",
            ));
        }
        if !(0..=900).contains(&seconds) {
            return Err(error::invalid_because(
                seconds,
                "DelaySeconds",
                "DelaySeconds must be >= 0 and <= 900.",
            ));
        }
        Ok(if queue.is_fifo() {
            queue.seconds("DelaySeconds")
        } else {
            SignedDuration::from_secs(seconds)
        })
    }

    fn forget(&self, queue: &Queue, now: Timestamp) {
        for (key, sent) in self.sent.scan(&format!("{}/", queue.key())) {
            if now.duration_since(sent.at) >= WINDOW {
                self.sent.remove(&key);
            }
        }
    }
}

fn answer(
    queue: &Queue,
    body: &str,
    attributes: &BTreeMap<String, Value>,
    id: &str,
    sequence: u64,
) -> Value {
    let mut answer = json!({ "MessageId": id, "MD5OfMessageBody": digest::of_body(body) });
    if let Some(digest) = digest::of_attributes(attributes) {
        answer["MD5OfMessageAttributes"] = json!(digest);
    }
    if queue.is_fifo() {
        answer["SequenceNumber"] = json!(format!("{sequence:020}"));
    }
    answer
}

fn remembered_key(queue: &Queue, group: Option<&str>, id: &str) -> String {
    let by_group = queue.attributes.get("DeduplicationScope");
    let group = match (by_group.map(String::as_str), group) {
        (Some("messageGroup"), Some(group)) => group,
        _ => "",
    };
    format!("{}/{group}/{id}", queue.key())
}

fn deduplication(queue: &Queue, input: &Value, body: &str) -> Result<Option<String>, AwsError> {
    let given = input.filled("MessageDeduplicationId");
    if !queue.is_fifo() {
        return match given {
            None => Ok(None),
            Some(id) => Err(error::invalid_because(
                id,
                "MessageDeduplicationId",
                "The request include parameter that is not valid for this queue type.",
            )),
        };
    }
    if input.filled("MessageGroupId").is_none() {
        return Err(error::missing("MessageGroupId"));
    }
    match given {
        Some(id) => Ok(Some(id.to_owned())),
        None if queue.flag("ContentBasedDeduplication") => {
            Ok(Some(hex::encode(Sha256::digest(body))))
        }
        None => Err(error::invalid_value(
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
        )),
    }
}

fn message_attributes(input: &Value) -> Result<BTreeMap<String, Value>, AwsError> {
    let given = input.map("MessageAttributes").into_iter().flatten();
    let mut attributes = BTreeMap::new();
    for (name, value) in given {
        let kind = value.text("DataType").unwrap_or_default();
        let stem = kind.split('.').next().unwrap_or_default();
        if !matches!(stem, "String" | "Number" | "Binary") {
            return Err(error::invalid_value(format!(
                "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
            )));
        }
        let member = if stem == "Binary" {
            "BinaryValue"
        } else {
            "StringValue"
        };
        let Some(content) = value.filled(member) else {
            return Err(error::invalid_value(format!(
                "The message attribute '{name}' must contain a non-empty message attribute value for message attribute type '{stem}'."
            )));
        };
        if stem == "Number" && content.parse::<f64>().is_err() {
            return Err(error::invalid_value(format!(
                "Could not cast message attribute '{name}' value to number."
            )));
        }
        attributes.insert(name.clone(), json!({ "DataType": kind, member: content }));
    }
    if attributes.len() > 10 {
        let count = attributes.len();
        return Err(error::invalid_value(format!(
            "Number of message attributes [{count}] exceeds the allowed maximum [10]."
        )));
    }
    Ok(attributes)
}

/// What counts for the limit: the body, and names, types and values of attributes.
fn size(input: &Value) -> usize {
    let attributes = input.map("MessageAttributes").into_iter().flatten();
    let attributes: usize = attributes
        .map(|(name, value)| {
            let part = |member: &str| value.text(member).map_or(0, str::len);
            name.len() + part("DataType") + part("StringValue") + part("BinaryValue") / 4 * 3
        })
        .sum();
    input.text("MessageBody").map_or(0, str::len) + attributes
}

fn check_body(queue: &Queue, body: &str, size: usize) -> Result<(), AwsError> {
    // The characters of XML 1.0.
    let good = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if !body.chars().all(good) {
        return Err(AwsError::new(
            "InvalidMessageContents",
            "The message contains characters outside the allowed set.",
        ));
    }
    let most = queue.number("MaximumMessageSize");
    if i64::try_from(size).unwrap_or(i64::MAX) > most {
        return Err(error::invalid_value(format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."
        )));
    }
    Ok(())
}
