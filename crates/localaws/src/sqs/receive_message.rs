//! ReceiveMessage: takes messages that may be seen, waits for one if asked to, and moves what was
//! received too often to the dead-letter queue.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE as BASE64;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::state::{Message, Queue, message_key};
use super::{Sqs, digest, error};
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

/// What a look into a queue found.
struct Found {
    messages: Vec<Message>,
    /// When the next hidden message can be seen.
    next: Option<Timestamp>,
}

impl Sqs {
    pub(super) async fn receive_message(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let input = &call.input;
        let most = bounded(input, "MaxNumberOfMessages", 1..=10)?.unwrap_or(1);
        let hidden = bounded(input, "VisibilityTimeout", 0..=43_200)?;
        let hidden = hidden.map_or(
            queue.seconds("VisibilityTimeout"),
            SignedDuration::from_secs,
        );
        let wait = bounded(input, "WaitTimeSeconds", 0..=20)?;
        let wait = wait.map_or(
            queue.seconds("ReceiveMessageWaitTimeSeconds"),
            SignedDuration::from_secs,
        );
        let clock = self.aws.clock();
        let deadline = clock.now().checked_add(wait).unwrap_or(Timestamp::MAX);
        // Services that poll for ever must not make virtual time run away.
        let background = call.caller.starts_with("service:");
        let arrivals = self.arrivals(&queue.key());
        loop {
            let arrival = arrivals.notified();
            tokio::pin!(arrival);
            // From here on an arrival is noticed, also before the wait begins.
            arrival.as_mut().enable();
            let queue = self.queue(call)?;
            let found = self.look(&queue, usize::try_from(most).unwrap_or(1), hidden);
            let now = clock.now();
            if !found.messages.is_empty() || now >= deadline {
                let shown: Vec<_> = found.messages.iter().map(|one| show(input, one)).collect();
                return Ok(if shown.is_empty() {
                    json!({})
                } else {
                    json!({ "Messages": shown })
                });
            }
            let next = found.next.map_or(deadline, |next| next.min(deadline));
            tokio::select! {
                () = &mut arrival => {}
                // Time may pass until the end of the wait and until a hidden message can be seen.
                () = clock.sleep_until(next), if !background => {}
                () = clock.sleep_until_background(next), if background => {}
            }
        }
    }

    /// Takes up to `most` messages and hides them.
    fn look(&self, queue: &Queue, most: usize, hidden: SignedDuration) -> Found {
        let _taking = self.take();
        let now = self.aws.clock().now();
        let retention = queue.seconds("MessageRetentionPeriod");
        let redrive = queue.redrive();
        let (mut chosen, mut dead, mut expired) = (Vec::new(), Vec::new(), Vec::new());
        let mut next: Option<Timestamp> = None;
        // Groups in which an earlier message is not done with.
        let mut blocked = BTreeSet::new();
        self.messages
            .walk(&format!("{}/", queue.key()), "", |key, message| {
                if now.duration_since(message.sent) > retention {
                    expired.push(key.to_owned());
                    return true;
                }
                let group = message.group().filter(|_| queue.is_fifo());
                if group.is_some_and(|group| blocked.contains(group)) {
                    return true;
                }
                if message.visible > now {
                    next = Some(next.map_or(message.visible, |next| next.min(message.visible)));
                    blocked.extend(group.map(str::to_owned));
                    return true;
                }
                match &redrive {
                    Some(redrive) if message.received >= redrive.most => dead.push(key.to_owned()),
                    _ => chosen.push(key.to_owned()),
                }
                chosen.len() < most
            });
        for key in expired {
            self.messages.remove(&key);
        }
        if let Some(redrive) = redrive {
            for key in dead {
                self.bury(queue, &key, &redrive.target, &mut chosen);
            }
        }
        let until = now.checked_add(hidden).unwrap_or(Timestamp::MAX);
        let take = |key: String| {
            self.messages.update(&key, |message| {
                let handle = format!("{} {}", self.aws.ids().uuid(), message.sequence);
                message.receipt = Some(BASE64.encode(handle));
                message.visible = until;
                message.received += 1;
                message.first_received.get_or_insert(now);
                message.clone()
            })
        };
        Found {
            messages: chosen.into_iter().filter_map(take).collect(),
            next,
        }
    }

    /// Moves a message to the dead-letter queue. Where there is none any more, it is received
    /// again.
    fn bury(&self, queue: &Queue, key: &str, target: &str, chosen: &mut Vec<String>) {
        let target = Arn::parse(target).map(|arn| arn.scope(&queue.scope).key(arn.resource));
        let Some(target) = target.filter(|target| self.queues.contains(target)) else {
            chosen.push(key.to_owned());
            return;
        };
        if let Some(message) = self.messages.remove(key) {
            self.rehouse(message, &target, Some(queue.arn()));
        }
    }

    /// Puts a message at the end of another queue.
    pub(super) fn rehouse(&self, mut message: Message, queue: &str, source: Option<String>) {
        message.sequence = self.next_sequence();
        message.receipt = None;
        message.visible = self.aws.clock().now();
        let name = "DeadLetterQueueSourceArn";
        match source {
            Some(arn) => message.system.insert(name.to_owned(), arn),
            None => message.system.remove(name),
        };
        let key = message_key(queue, message.sequence);
        self.messages.put(&key, message);
        self.wake(queue);
    }

    /// The message that a receipt handle is about, if it was the last that was given out.
    pub(super) fn received(
        &self,
        queue: &Queue,
        handle: &str,
    ) -> Result<Option<Message>, AwsError> {
        let bytes = BASE64.decode(handle).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let sequence = text.and_then(|text| text.split_once(' ')?.1.parse().ok());
        let sequence = sequence.ok_or_else(|| error::invalid_receipt(handle))?;
        let message = self.messages.get(&message_key(&queue.key(), sequence));
        Ok(message.filter(|message| message.receipt.as_deref() == Some(handle)))
    }
}

fn bounded(
    input: &Value,
    name: &str,
    range: std::ops::RangeInclusive<i64>,
) -> Result<Option<i64>, AwsError> {
    match input.number(name) {
        Some(number) if !range.contains(&number) => {
            let (least, most) = (range.start(), range.end());
            let reason = format!("Must be between {least} and {most}, if provided.");
            Err(error::invalid_because(number, name, &reason))
        }
        other => Ok(other),
    }
}

/// A received message with the attributes that were asked for.
fn show(input: &Value, message: &Message) -> Value {
    let mut shown = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "MD5OfBody": digest::of_body(&message.body),
        "Body": message.body,
    });
    let mut system: BTreeMap<_, _> = message.system.clone();
    let count = message.received.to_string();
    system.insert("ApproximateReceiveCount".to_owned(), count);
    if let Some(first) = message.first_received {
        let first = first.as_millisecond().to_string();
        system.insert("ApproximateFirstReceiveTimestamp".to_owned(), first);
    }
    if message.system.contains_key("MessageDeduplicationId") {
        let sequence = format!("{:020}", message.sequence);
        system.insert("SequenceNumber".to_owned(), sequence);
    }
    let mut wanted = input.texts("AttributeNames");
    wanted.extend(input.texts("MessageSystemAttributeNames"));
    let all = wanted.iter().any(|name| name == "All");
    system.retain(|name, _| all || wanted.contains(name));
    if !system.is_empty() {
        shown["Attributes"] = json!(system);
    }
    let wanted = input.texts("MessageAttributeNames");
    let asked = |name: &str| {
        wanted.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => wanted == "All" || wanted == name,
        })
    };
    let attributes = message.attributes.iter().filter(|(name, _)| asked(name));
    let attributes: BTreeMap<_, _> = attributes
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(digest) = digest::of_attributes(&attributes) {
        shown["MD5OfMessageAttributes"] = json!(digest);
        let attributes: Map<_, _> = attributes.into_iter().collect();
        shown["MessageAttributes"] = Value::Object(attributes);
    }
    shown
}
