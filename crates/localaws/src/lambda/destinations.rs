//! Where asynchronous invocations go when they are done: queues, topics, functions, event buses.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::arn::Arn;
use crate::{Aws, AwsError, Scope};

/// Sends the record of an invocation to its destination. A destination that does not take it is
/// only warned about, as nobody waits for an answer.
pub(super) async fn deliver(
    aws: &Aws,
    scope: &Scope,
    target: &str,
    function: &str,
    record: &Value,
    success: bool,
) {
    let text = record.to_string();
    let sent = match Arn::parse(target) {
        Some(arn) if arn.service == "events" => {
            let result = if success { "Success" } else { "Failure" };
            let entry = json!({
                "Source": "lambda",
                "DetailType": format!("Lambda Function Invocation Result - {result}"),
                "Detail": text,
                "EventBusName": target,
                "Resources": [function],
            });
            aws.call(
                &arn.scope(scope),
                "events",
                "PutEvents",
                json!({ "Entries": [entry] }),
            )
            .await
            .map(drop)
        }
        Some(arn) if arn.service == "lambda" => {
            let input = json!({ "FunctionName": target, "InvocationType": "Event" });
            aws.call_raw(
                &arn.scope(scope),
                "lambda",
                "Invoke",
                input,
                Bytes::from(text),
            )
            .await
            .map(drop)
        }
        Some(arn) => send(aws, scope, &arn, target, &text, json!({})).await,
        None => Err(AwsError::validation(format!("`{target}` is no ARN"))),
    };
    warn(target, sent);
}

/// Sends an event that could not be processed to the function's dead-letter queue or topic.
pub(super) async fn letter(
    aws: &Aws,
    scope: &Scope,
    target: &str,
    payload: &str,
    request_id: &str,
    message: &str,
) {
    let attribute = |kind: &str, value: &str| json!({ "DataType": kind, "StringValue": value });
    let attributes = json!({
        "RequestID": attribute("String", request_id),
        "ErrorCode": attribute("Number", "200"),
        "ErrorMessage": attribute("String", message),
    });
    let sent = match Arn::parse(target) {
        Some(arn) => send(aws, scope, &arn, target, payload, attributes).await,
        None => Err(AwsError::validation(format!("`{target}` is no ARN"))),
    };
    warn(target, sent);
}

async fn send(
    aws: &Aws,
    home: &Scope,
    arn: &Arn<'_>,
    target: &str,
    text: &str,
    attributes: Value,
) -> Result<(), AwsError> {
    let scope = arn.scope(home);
    let (action, mut input) = match arn.service {
        "sqs" => {
            let queue = arn.queue_url(aws);
            (
                "SendMessage",
                json!({ "QueueUrl": queue, "MessageBody": text }),
            )
        }
        "sns" => ("Publish", json!({ "TopicArn": target, "Message": text })),
        other => {
            return Err(AwsError::validation(format!(
                "{other} is no destination that this endpoint knows"
            )));
        }
    };
    if attributes != json!({}) {
        input["MessageAttributes"] = attributes;
    }
    aws.call(&scope, arn.service, action, input).await.map(drop)
}

fn warn(target: &str, sent: Result<(), AwsError>) {
    if let Err(error) = sent {
        tracing::warn!(target, %error, "a destination did not take an invocation's record");
    }
}
