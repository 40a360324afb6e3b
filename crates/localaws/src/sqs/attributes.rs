//! GetQueueAttributes and SetQueueAttributes: which attributes there are and what they may be.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::state::{Queue, parse_redrive};
use super::{Sqs, error};
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

/// Whole numbers: name, default, and what is allowed.
const NUMBERS: &[(&str, &str, RangeInclusive<i64>)] = &[
    ("DelaySeconds", "0", 0..=900),
    ("MaximumMessageSize", "1048576", 1024..=1_048_576),
    ("MessageRetentionPeriod", "345600", 60..=1_209_600),
    ("ReceiveMessageWaitTimeSeconds", "0", 0..=20),
    ("VisibilityTimeout", "30", 0..=43_200),
];

/// Texts that are shown only when they are set.
const TEXTS: &[&str] = &[
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
];

/// Attributes of FIFO queues, with defaults and values.
const FIFO: &[(&str, &str, &[&str])] = &[
    ("FifoQueue", "true", &["true"]),
    ("ContentBasedDeduplication", "false", &["true", "false"]),
    ("DeduplicationScope", "queue", &["queue", "messageGroup"]),
    (
        "FifoThroughputLimit",
        "perQueue",
        &["perQueue", "perMessageGroupId"],
    ),
];

/// What SQS says of itself and nobody sets.
const FACTS: &[&str] = &[
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

impl Sqs {
    pub(super) fn get_queue_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let mut wanted = Vec::new();
        for name in call.input.texts("AttributeNames") {
            if name == "All" {
                wanted.extend(names().map(str::to_owned));
            } else if names().any(|known| known == name) {
                wanted.push(name);
            } else {
                return Err(unknown(&name));
            }
        }
        let shown: BTreeMap<_, _> = wanted
            .into_iter()
            .filter_map(|name| Some((self.attribute(&queue, &name)?, name)))
            .map(|(value, name)| (name, value))
            .collect();
        if shown.is_empty() {
            return Ok(json!({}));
        }
        Ok(json!({ "Attributes": shown }))
    }

    pub(super) fn set_queue_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let given = given(&call.input)?;
        self.check_attributes(&queue, &given)?;
        let now = self.aws.clock().now();
        self.queues.update(&queue.key(), |queue| {
            queue.modified = now;
            set(&mut queue.attributes, given);
        });
        self.wake(&queue.key());
        Ok(json!({}))
    }

    /// The value that AWS would show; `None` where it shows none.
    pub(super) fn attribute(&self, queue: &Queue, name: &str) -> Option<String> {
        if let Some(set) = queue.attributes.get(name) {
            return Some(set.clone());
        }
        if FACTS.contains(&name) {
            return Some(self.fact(queue, name));
        }
        if let Some((_, default, _)) = FIFO.iter().find(|(fifo, ..)| *fifo == name) {
            return queue.is_fifo().then(|| (*default).to_owned());
        }
        let own_key = queue.attributes.contains_key("KmsMasterKeyId");
        match name {
            "SqsManagedSseEnabled" => Some((!own_key).to_string()),
            "KmsDataKeyReusePeriodSeconds" => own_key.then(|| "300".to_owned()),
            _ => default(name).map(str::to_owned),
        }
    }

    fn fact(&self, queue: &Queue, name: &str) -> String {
        match name {
            "QueueArn" => queue.arn(),
            "CreatedTimestamp" => queue.created.as_second().to_string(),
            "LastModifiedTimestamp" => queue.modified.as_second().to_string(),
            _ => {
                let now = self.aws.clock().now();
                let mut count = 0_u64;
                self.messages
                    .walk(&format!("{}/", queue.key()), "", |_, message| {
                        let counts = match name {
                            "ApproximateNumberOfMessagesNotVisible" => message.in_flight(now),
                            "ApproximateNumberOfMessagesDelayed" => {
                                message.visible > now && !message.in_flight(now)
                            }
                            _ => message.visible <= now,
                        };
                        count += u64::from(counts);
                        true
                    });
                count.to_string()
            }
        }
    }

    /// Refuses what SQS refuses.
    pub(super) fn check_attributes(
        &self,
        queue: &Queue,
        given: &BTreeMap<String, String>,
    ) -> Result<(), AwsError> {
        let invalid = |name: &str| {
            let message = format!("Invalid value for the parameter {name}.");
            AwsError::new("InvalidAttributeValue", message)
        };
        for (name, value) in given {
            let number = value.parse::<i64>();
            let in_range =
                |range: &RangeInclusive<i64>| number.as_ref().is_ok_and(|one| range.contains(one));
            if let Some((.., range)) = NUMBERS.iter().find(|(one, ..)| one == name) {
                if !in_range(range) {
                    return Err(invalid(name));
                }
                continue;
            }
            if let Some((.., values)) = FIFO.iter().find(|(one, ..)| one == name) {
                let plain_false = name == "FifoQueue" && value == "false" && !queue.is_fifo();
                if !queue.is_fifo() && !plain_false {
                    let message = format!("Unknown Attribute {name}.");
                    return Err(AwsError::new("InvalidAttributeName", message));
                }
                if !plain_false && !values.contains(&value.as_str()) {
                    return Err(invalid(name));
                }
                continue;
            }
            match name.as_str() {
                "SqsManagedSseEnabled" if matches!(value.as_str(), "true" | "false") => {}
                "KmsDataKeyReusePeriodSeconds" if in_range(&(60..=86_400)) => {}
                "SqsManagedSseEnabled" | "KmsDataKeyReusePeriodSeconds" => {
                    return Err(invalid(name));
                }
                "RedrivePolicy" if !value.is_empty() => self.check_redrive(queue, value)?,
                "Policy" | "RedriveAllowPolicy" if !value.is_empty() => {
                    let policy = serde_json::from_str::<Value>(value);
                    if !policy.is_ok_and(|policy| policy.is_object()) {
                        return Err(invalid(name));
                    }
                }
                text if TEXTS.contains(&text) => {}
                _ => return Err(unknown(name)),
            }
        }
        Ok(())
    }

    fn check_redrive(&self, queue: &Queue, policy: &str) -> Result<(), AwsError> {
        let invalid = |reason: &str| error::invalid_because(policy, "RedrivePolicy", reason);
        let Some(redrive) = parse_redrive(policy) else {
            return Err(invalid(
                "Redrive policy is not a valid JSON map with deadLetterTargetArn and maxReceiveCount.",
            ));
        };
        if !(1..=1000).contains(&redrive.most) {
            return Err(invalid(
                "Invalid value for maxReceiveCount. Must be between 1 and 1000.",
            ));
        }
        let target = Arn::parse(&redrive.target).filter(|arn| arn.service == "sqs");
        let Some(target) = target else {
            return Err(invalid("Invalid value for deadLetterTargetArn."));
        };
        if target.resource.ends_with(".fifo") != queue.is_fifo() {
            return Err(invalid(
                "Dead-letter queue must be same type of queue as the source.",
            ));
        }
        let key = target.scope(&queue.scope).key(target.resource);
        if !self.queues.contains(&key) {
            return Err(invalid("Dead letter target does not exist."));
        }
        Ok(())
    }
}

/// Defaults of attributes that every queue has.
pub(super) fn default(name: &str) -> Option<&'static str> {
    let found = NUMBERS.iter().find(|(number, ..)| *number == name);
    found.map(|(_, default, _)| *default)
}

fn names() -> impl Iterator<Item = &'static str> {
    let numbers = NUMBERS.iter().map(|(name, ..)| *name);
    let fifo = FIFO.iter().map(|(name, ..)| *name);
    let encryption = ["SqsManagedSseEnabled", "KmsDataKeyReusePeriodSeconds"];
    numbers
        .chain(fifo)
        .chain(TEXTS.iter().copied())
        .chain(FACTS.iter().copied())
        .chain(encryption)
}

fn unknown(name: &str) -> AwsError {
    AwsError::new("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

/// The attributes of a call.
pub(super) fn given(input: &Value) -> Result<BTreeMap<String, String>, AwsError> {
    let attributes = input.map("Attributes").into_iter().flatten();
    attributes
        .map(|(name, value)| match value {
            Value::String(text) => Ok((name.clone(), text.clone())),
            _ => Err(unknown(name)),
        })
        .collect()
}

/// Sets attributes; an empty text takes one away.
pub(super) fn set(attributes: &mut BTreeMap<String, String>, given: BTreeMap<String, String>) {
    for (name, value) in given {
        match name.as_str() {
            "KmsMasterKeyId" if !value.is_empty() => {
                attributes.remove("SqsManagedSseEnabled");
            }
            "SqsManagedSseEnabled" if value == "true" => {
                attributes.remove("KmsMasterKeyId");
            }
            _ => {}
        }
        if value.is_empty() || (name == "FifoQueue" && value == "false") {
            attributes.remove(&name);
        } else {
            attributes.insert(name, value);
        }
    }
}
