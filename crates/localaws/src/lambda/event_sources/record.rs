//! SQS messages as a function gets them, and what its answer says about each.

use serde_json::{Map, Value, json};

use crate::params::Params;

use super::Mapping;

/// The event of a batch of messages.
pub(super) fn event(mapping: &Mapping, messages: &[Value]) -> Value {
    let records: Vec<Value> = messages
        .iter()
        .map(|message| record(mapping, message))
        .collect();
    json!({ "Records": records })
}

fn record(mapping: &Mapping, message: &Value) -> Value {
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
        "eventSourceARN": mapping.queue_arn,
        "awsRegion": mapping.scope.region,
    });
    if let Some(md5) = message.member("MD5OfMessageAttributes") {
        record["md5OfMessageAttributes"] = md5.clone();
    }
    record
}

/// Ids of the messages that a function reports as failed; `None` when its answer is not of the
/// form that `ReportBatchItemFailures` asks for, which fails the whole batch.
pub(super) fn failures(payload: &[u8]) -> Option<Vec<String>> {
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
