//! Differences between the engine's JSON and AWS's models: ARNs and times.

use awsapi::{Kind, Shape};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{AwsError, Scope};

/// What the ARNs of the engine begin with.
const ENGINE_ARN: &str = "arn:aws:dynamodb:dynoxide:000000000000:";

/// Whether an operation's output is about items and has no ARNs or times to change.
pub(super) fn has_items(action: &str) -> bool {
    matches!(
        action,
        "PutItem"
            | "GetItem"
            | "DeleteItem"
            | "UpdateItem"
            | "BatchGetItem"
            | "BatchWriteItem"
            | "Query"
            | "Scan"
            | "TransactWriteItems"
            | "TransactGetItems"
            | "ExecuteStatement"
            | "ExecuteTransaction"
            | "BatchExecuteStatement"
    )
}

/// Names tables by their names, and the engine's resources as it does.
pub(super) fn to_engine(input: &mut Value) {
    for member in ["ResourceArn", "StreamArn", "ExclusiveStartStreamArn"] {
        if let Some(Value::String(arn)) = input.get_mut(member)
            && let Some(resource) = arn.splitn(6, ':').nth(5)
        {
            *arn = format!("{ENGINE_ARN}{resource}");
        }
    }
    if let Some(Value::String(table)) = input.get_mut("TableName")
        && table.starts_with("arn:")
        && let Some((_, name)) = table.split_once(":table/")
    {
        *table = name.to_owned();
    }
}

/// Takes out members that the engine has and AWS's model does not.
pub(super) fn prune(action: &str, output: &mut Value) {
    let services = ["dynamodb", "dynamodbstreams"].into_iter();
    let operation = services
        .filter_map(awsapi::service)
        .find_map(|service| service.operation(action));
    if let Some(shape) = operation.and_then(awsapi::Operation::output) {
        prune_value(shape, output);
    }
}

fn prune_value(shape: Shape, value: &mut Value) {
    match value {
        Value::Object(members) if shape.kind() == Kind::Structure => {
            members.retain(|name, _| shape.member(name).is_some());
            for (name, value) in members.iter_mut() {
                if let Some(member) = shape.member(name) {
                    prune_value(member.shape(), value);
                }
            }
        }
        Value::Array(items) => {
            if let Some(element) = shape.element() {
                items
                    .iter_mut()
                    .for_each(|item| prune_value(element.shape(), item));
            }
        }
        _ => {}
    }
}

/// Our ARNs instead of the engine's, and times as text instead of seconds.
pub(super) fn from_engine(output: &mut Value, scope: &Scope) {
    match output {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                let seconds = value.as_f64().filter(|_| is_time(name));
                match seconds.and_then(time) {
                    Some(time) => *value = json!(time),
                    None => from_engine(value, scope),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| from_engine(item, scope)),
        Value::String(text) => {
            if let Some(resource) = text.strip_prefix(ENGINE_ARN) {
                *text = scope.arn("dynamodb", resource);
            }
        }
        _ => {}
    }
}

/// The same in the sentence of an error.
pub(super) fn error_from_engine(mut error: AwsError, scope: &Scope) -> AwsError {
    let ours = scope.arn("dynamodb", "");
    error.message = error.message.replace(ENGINE_ARN, &ours);
    error
}

fn is_time(name: &str) -> bool {
    name.ends_with("DateTime")
}

fn time(seconds: f64) -> Option<Timestamp> {
    // Milliseconds are far within the range of an i64.
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
}
