//! Publish and PublishBatch.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::envelope::Message;
use super::state::{Mail, Topic};
use super::{Sns, error};
use crate::params::Params;
use crate::{AwsError, Call};

/// How long a deduplication id is remembered.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

const MOST_BYTES: usize = 256 * 1024;

impl Sns {
    pub(super) async fn publish(&self, call: &Call) -> Result<Value, AwsError> {
        if let Some(number) = call.input.filled("PhoneNumber") {
            return self.publish_to_phone(call, number);
        }
        let target = call.input.filled("TargetArn");
        let member = if target.is_some() {
            "TargetArn"
        } else {
            "TopicArn"
        };
        let topic = self.topic(call, member)?;
        self.publish_one(&topic, &call.input).await
    }

    pub(super) async fn publish_batch(&self, call: &Call) -> Result<Value, AwsError> {
        let topic = self.topic(call, "TopicArn")?;
        let entries = call.input.items("PublishBatchRequestEntries");
        if entries.is_empty() {
            let message = "The batch request doesn't contain any entries.";
            return Err(AwsError::new("EmptyBatchRequest", message));
        }
        if entries.len() > 10 {
            let message = "The batch request contains more entries than permissible.";
            return Err(AwsError::new("TooManyEntriesInBatchRequest", message));
        }
        let ids: Vec<_> = entries.iter().map(|entry| entry.text("Id")).collect();
        if (1..ids.len()).any(|at| ids.iter().take(at).any(|id| Some(id) == ids.get(at))) {
            let message = "Two or more batch entries in the request have the same Id.";
            return Err(AwsError::new("BatchEntryIdsNotDistinct", message));
        }
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for entry in entries {
            match self.publish_one(&topic, entry).await {
                Ok(mut answer) => {
                    answer["Id"] = json!(entry.text("Id"));
                    successful.push(answer);
                }
                Err(error) => failed.push(json!({
                    "Id": entry.text("Id"),
                    "Code": error.code,
                    "Message": error.message,
                    "SenderFault": error.status < 500,
                })),
            }
        }
        Ok(json!({ "Successful": successful, "Failed": failed }))
    }

    fn publish_to_phone(&self, call: &Call, number: &str) -> Result<Value, AwsError> {
        let message = self.message(&call.input)?;
        let mail = Mail {
            at: message.at,
            protocol: "sms".to_owned(),
            to: number.to_owned(),
            topic: None,
            subject: None,
            text: message.text_for("sms").to_owned(),
        };
        self.outbox
            .put(&format!("{}/{}", message.at, message.id), mail);
        Ok(json!({ "MessageId": message.id }))
    }

    async fn publish_one(&self, topic: &Topic, input: &Value) -> Result<Value, AwsError> {
        let mut message = self.message(input)?;
        let mut answer = json!({ "MessageId": message.id });
        if topic.is_fifo() {
            let id = deduplication(topic, input, &message)?;
            let key = format!("{}/{id}", topic.key());
            let now = message.at;
            let first = self.sent.edit(&key, |sent| match sent {
                Some((at, first)) if now.duration_since(*at) < WINDOW => Some(first.clone()),
                sent => {
                    *sent = Some((now, message.id.clone()));
                    None
                }
            });
            if let Some(first) = first {
                return Ok(json!({ "MessageId": first }));
            }
            message.deduplication = Some(id);
            let next = self.topics.update(&topic.key(), |topic| {
                topic.sequence += 1;
                topic.sequence
            });
            let sequence = format!("1{:019}", next.unwrap_or(0));
            answer["SequenceNumber"] = json!(sequence);
            message.sequence = Some(sequence);
        }
        self.deliver(topic, message).await;
        Ok(answer)
    }

    fn message(&self, input: &Value) -> Result<Message, AwsError> {
        let text = input.text("Message").unwrap_or_default();
        if text.is_empty() {
            return Err(error::invalid("Empty message"));
        }
        if text.len() > MOST_BYTES {
            return Err(error::invalid("Message too long"));
        }
        let subject = input.text("Subject");
        let good = |subject: &str| {
            (1..=100).contains(&subject.chars().count()) && !subject.contains(char::is_control)
        };
        if subject.is_some_and(|subject| !good(subject)) {
            return Err(error::invalid("Subject"));
        }
        let attributes = input.map("MessageAttributes");
        check_attributes(attributes)?;
        let by_protocol = match input.text("MessageStructure") {
            Some("json") => Some(parts(text)?),
            None | Some("") => None,
            Some(_) => {
                return Err(error::invalid(
                    "Message Structure - Invalid message structure",
                ));
            }
        };
        Ok(Message {
            id: self.aws.ids().uuid(),
            at: self.aws.clock().now(),
            subject: subject.map(str::to_owned),
            text: text.to_owned(),
            by_protocol,
            attributes: attributes.cloned(),
            group: input.filled("MessageGroupId").map(str::to_owned),
            deduplication: None,
            sequence: None,
        })
    }
}

fn deduplication(topic: &Topic, input: &Value, message: &Message) -> Result<String, AwsError> {
    if message.group.is_none() {
        return Err(error::invalid(
            "The MessageGroupId parameter is required for FIFO topics",
        ));
    }
    if let Some(id) = input.filled("MessageDeduplicationId") {
        return Ok(id.to_owned());
    }
    let by_content = topic.attributes.get("ContentBasedDeduplication");
    if by_content.map(String::as_str) == Some("true") {
        return Ok(hex::encode(Sha256::digest(&message.text)));
    }
    Err(error::invalid(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    ))
}

/// The texts for single protocols.
fn parts(text: &str) -> Result<Map<String, Value>, AwsError> {
    let parsed = serde_json::from_str::<Value>(text);
    let Ok(Value::Object(mut parts)) = parsed else {
        return Err(error::invalid(
            "Message Structure - JSON message body failed to parse",
        ));
    };
    parts.retain(|_, part| part.is_string());
    if !parts.contains_key("default") {
        return Err(error::invalid(
            "Message Structure - No default entry in JSON message body",
        ));
    }
    Ok(parts)
}

fn check_attributes(attributes: Option<&Map<String, Value>>) -> Result<(), AwsError> {
    for (name, attribute) in attributes.into_iter().flatten() {
        let kind = attribute.text("DataType").unwrap_or_default();
        let stem = kind.split('.').next().unwrap_or_default();
        let refuse = |why: String| Err(AwsError::new("ParameterValueInvalid", why));
        if !matches!(stem, "String" | "Number" | "Binary") {
            return refuse(format!(
                "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
            ));
        }
        let member = if stem == "Binary" {
            "BinaryValue"
        } else {
            "StringValue"
        };
        let Some(content) = attribute.filled(member) else {
            return refuse(format!(
                "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{kind}'."
            ));
        };
        if stem == "Number" && content.parse::<f64>().is_err() {
            return refuse(format!(
                "Could not cast message attribute '{name}' value to number."
            ));
        }
    }
    Ok(())
}
