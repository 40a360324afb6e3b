//! What SNS wraps a message in: for queues and HTTP, and for functions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::state::{Subscription, Topic};
use crate::params::Params;
use crate::{Aws, Scope};

/// A message that was published, before anything is chosen for a subscription.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) at: Timestamp,
    pub(super) subject: Option<String>,
    pub(super) text: String,
    /// What the parts for single protocols are, with `MessageStructure` `json`.
    pub(super) by_protocol: Option<Map<String, Value>>,
    pub(super) attributes: Option<Map<String, Value>>,
    pub(super) group: Option<String>,
    pub(super) deduplication: Option<String>,
    pub(super) sequence: Option<String>,
}

impl Message {
    /// The text for a protocol.
    pub(super) fn text_for(&self, protocol: &str) -> &str {
        let parts = self.by_protocol.as_ref();
        let part = parts.and_then(|parts| parts.text(protocol).or(parts.text("default")));
        part.unwrap_or(&self.text)
    }
}

/// Milliseconds always, as SNS writes them.
pub(super) fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Something where AWS's signature stands. It cannot be verified.
pub(super) fn signature(text: &str) -> String {
    BASE64.encode(Sha256::digest(text))
}

pub(super) fn certificate(scope: &Scope) -> String {
    let region = &scope.region;
    format!("https://sns.{region}.amazonaws.com/SimpleNotificationService-local.pem")
}

fn unsubscribe_url(aws: &Aws, subscription: &Subscription) -> String {
    let (endpoint, arn) = (aws.endpoint(), &subscription.arn);
    format!("{endpoint}/?Action=Unsubscribe&SubscriptionArn={arn}")
}

/// The JSON document that queues and HTTP endpoints are sent.
pub(super) fn notification(
    aws: &Aws,
    topic: &Topic,
    subscription: &Subscription,
    message: &Message,
) -> Value {
    let text = message.text_for(&subscription.protocol);
    let mut document = json!({ "Type": "Notification", "MessageId": message.id });
    if let Some(sequence) = &message.sequence {
        document["SequenceNumber"] = json!(sequence);
    }
    document["TopicArn"] = json!(topic.arn());
    if let Some(subject) = &message.subject {
        document["Subject"] = json!(subject);
    }
    document["Message"] = json!(text);
    document["Timestamp"] = json!(time(message.at));
    let version = topic.attributes.get("SignatureVersion");
    document["SignatureVersion"] = json!(version.map_or("1", String::as_str));
    document["Signature"] = json!(signature(text));
    document["SigningCertURL"] = json!(certificate(&topic.scope));
    document["UnsubscribeURL"] = json!(unsubscribe_url(aws, subscription));
    let attributes = attributes(message);
    if !attributes.is_empty() {
        document["MessageAttributes"] = Value::Object(attributes);
    }
    document
}

/// The event that a function is invoked with.
pub(super) fn lambda_event(
    aws: &Aws,
    topic: &Topic,
    subscription: &Subscription,
    message: &Message,
) -> Value {
    let text = message.text_for("lambda");
    json!({ "Records": [{
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": {
            "Type": "Notification",
            "MessageId": message.id,
            "TopicArn": topic.arn(),
            "Subject": message.subject,
            "Message": text,
            "Timestamp": time(message.at),
            "SignatureVersion": "1",
            "Signature": signature(text),
            "SigningCertUrl": certificate(&topic.scope),
            "UnsubscribeUrl": unsubscribe_url(aws, subscription),
            "MessageAttributes": attributes(message),
        },
    }] })
}

fn attributes(message: &Message) -> Map<String, Value> {
    let given = message.attributes.iter().flatten();
    given
        .map(|(name, value)| {
            let kind = value.text("DataType").unwrap_or_default();
            let content = value.text("BinaryValue").or(value.text("StringValue"));
            (name.clone(), json!({ "Type": kind, "Value": content }))
        })
        .collect()
}
