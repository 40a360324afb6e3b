//! Handing records to a pipe's target: all at once to state machines and functions, one by one to
//! all others.

use serde_json::{Value, json};

use super::check::asks_and_goes;
use super::poller::with_body;
use super::state::Pipe;
use crate::arn::Arn;
use crate::params::Params;
use crate::queue_source::failures;
use crate::target::{Delivery, small};
use crate::template::{fill, lookup};
use crate::{Aws, AwsError};

/// Whether each record was taken.
pub(super) async fn hand_over(aws: &Aws, pipe: &Pipe, records: &[Value]) -> Vec<bool> {
    let texts: Vec<String> = records.iter().map(|record| text(pipe, record)).collect();
    let service = Arn::parse(pipe.text("Target")).map_or("", |arn| arn.service);
    if matches!(service, "states" | "lambda") {
        let batch = format!("[{}]", texts.join(","));
        let failed = match call(aws, pipe, service, &batch).await {
            Ok(answer) => failures(answer.as_bytes()),
            Err(error) => {
                log(pipe, &error);
                None
            }
        };
        let taken = |record: &Value| {
            let id = record.text("messageId").unwrap_or_default();
            failed
                .as_ref()
                .is_some_and(|failed| !failed.iter().any(|one| one == id))
        };
        return records.iter().map(taken).collect();
    }
    let mut taken = Vec::new();
    for text in texts {
        let sent = deliver(aws, pipe, service, text).await;
        taken.push(sent.is_ok());
        if let Err(error) = sent {
            log(pipe, &error);
        }
    }
    taken
}

fn log(pipe: &Pipe, error: &AwsError) {
    tracing::warn!(pipe = pipe.name, %error, "a pipe's target did not take records");
}

/// A record as the target gets it: as it is, or as the template has it.
fn text(pipe: &Pipe, record: &Value) -> String {
    let parameters = pipe.members.map("TargetParameters");
    let Some(template) = parameters.and_then(|one| one.filled("InputTemplate")) else {
        return record.to_string();
    };
    let seen = with_body(record);
    fill(template, |name| match name {
        "aws.pipes.pipe-arn" => Some(json!(pipe.arn())),
        "aws.pipes.pipe-name" => Some(json!(pipe.name)),
        "aws.pipes.source-arn" => Some(json!(pipe.text("Source"))),
        "aws.pipes.target-arn" => Some(json!(pipe.text("Target"))),
        "aws.pipes.event" => Some(seen.clone()),
        "aws.pipes.event.json" => Some(record.clone()),
        path if path.starts_with('$') => Some(lookup(&seen, path).unwrap_or(Value::Null)),
        _ => None,
    })
}

/// Gives a batch to a state machine or a function; the answer is theirs, empty where none is
/// waited for.
async fn call(aws: &Aws, pipe: &Pipe, service: &str, batch: &str) -> Result<String, AwsError> {
    let target = pipe.text("Target");
    let scope = Arn::parse(target).map_or_else(|| pipe.scope.clone(), |arn| arn.scope(&pipe.scope));
    if service == "lambda" {
        let parameters = pipe.parameters("TargetParameters", "LambdaFunctionParameters");
        let kind = match asks_and_goes(parameters) {
            true => "Event",
            false => "RequestResponse",
        };
        let input = json!({ "FunctionName": target, "InvocationType": kind });
        let reply = aws
            .call_raw(&scope, "lambda", "Invoke", input, batch.to_owned().into())
            .await?;
        return match reply.output.filled("FunctionError") {
            Some(error) => Err(AwsError::new(error, "the function failed")),
            None => Ok(String::from_utf8_lossy(&reply.body).into_owned()),
        };
    }
    let parameters = pipe.parameters("TargetParameters", "StepFunctionStateMachineParameters");
    let input = json!({ "stateMachineArn": target, "name": aws.ids().uuid(), "input": batch });
    if asks_and_goes(parameters) {
        aws.call(&scope, "stepfunctions", "StartExecution", input)
            .await?;
        return Ok(String::new());
    }
    let ended = aws
        .call(&scope, "stepfunctions", "StartSyncExecution", input)
        .await?;
    match ended.text("status") {
        Some("SUCCEEDED") => Ok(ended.text("output").unwrap_or_default().to_owned()),
        _ => Err(AwsError::new(
            ended.text("error").unwrap_or_default(),
            ended.text("cause").unwrap_or_default(),
        )),
    }
}

async fn deliver(aws: &Aws, pipe: &Pipe, service: &str, text: String) -> Result<(), AwsError> {
    let target = pipe.text("Target");
    let parameters = |name: &str| pipe.parameters("TargetParameters", name);
    if service == "events" {
        let given = parameters("EventBridgeEventBusParameters");
        let or = |name: &str, default: String| {
            given
                .and_then(|one| one.filled(name))
                .map_or(default, str::to_owned)
        };
        let entry = json!({
            "EventBusName": target,
            "Source": or("Source", format!("Pipe {}", pipe.name)),
            "DetailType": or("DetailType", "Event from aws:sqs".to_owned()),
            "Detail": text,
            "Resources": given.map_or(&[][..], |one| one.items("Resources")),
        });
        let input = json!({ "Entries": [entry] });
        let answer = aws.call(&pipe.scope, "events", "PutEvents", input).await?;
        return match answer
            .items("Entries")
            .first()
            .and_then(|one| one.filled("ErrorCode"))
        {
            Some(code) => Err(AwsError::new(code, "the bus did not take the event")),
            None => Ok(()),
        };
    }
    let group = parameters("SqsQueueParameters").and_then(|one| one.filled("MessageGroupId"));
    let ecs = parameters("EcsTaskParameters").cloned().map(|parameters| {
        let mut parameters = Value::Object(parameters);
        parameters["StartedBy"] = json!(format!("pipes/{}", pipe.name));
        parameters
    });
    // What a rule or a schedule says in its input, a pipe has beside its other parameters.
    let text = match &ecs {
        Some(ecs) => ecs
            .map("Overrides")
            .cloned()
            .map_or_else(String::new, |overrides| {
                small(&Value::Object(overrides)).to_string()
            }),
        None => text,
    };
    let delivery = Delivery {
        home: pipe.scope.clone(),
        arn: target.to_owned(),
        text,
        group: group.map(str::to_owned),
        ecs,
        at: aws.clock().now(),
    };
    delivery.send(aws).await
}
