//! Lambda: by its ARN (`arn:aws:lambda:…`) and `lambda:invoke`.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Task;
use super::failure::Failure;
use super::optimised::Service;
use super::sdk_metadata::Headers;

const LAMBDA: Service = Service {
    name: "lambda",
    prefix: "Lambda",
    client: "AWSLambda",
    base: "AWSLambdaException",
};

/// Invokes a function with the task's parameters as payload; the result is the payload.
pub(super) async fn invoke_directly(task: &Task, arn: &str) -> Result<String, Failure> {
    let input = json!({ "FunctionName": arn });
    let payload = Bytes::from(task.asked.parameters.to_string());
    let answer = task.send("lambda", "Invoke", input, payload).await;
    let reply = answer
        .result
        .map_err(|error| LAMBDA.failure(&error, &answer.request_id))?;
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    if reply.output.get("FunctionError").is_some() {
        return Err(function_error(&text, text.clone()));
    }
    Ok(if text.is_empty() {
        "null".to_owned()
    } else {
        text
    })
}

/// `lambda:invoke`: the result is the API's answer with a parsed payload.
pub(super) async fn invoke(task: &Task) -> Result<String, Failure> {
    let mut input = task.asked.parameters.clone();
    let payload = match input
        .as_object_mut()
        .and_then(|all| all.shift_remove("Payload"))
    {
        Some(payload) => Bytes::from(payload.to_string()),
        None => Bytes::from_static(b"{}"),
    };
    let answer = task.send("lambda", "Invoke", input, payload).await;
    let reply = answer
        .result
        .map_err(|error| LAMBDA.failure(&error, &answer.request_id))?;
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    let payload: Value = match serde_json::from_str(&text) {
        Ok(payload) => payload,
        Err(_) => text.as_str().into(),
    };
    if reply.output.get("FunctionError").is_some() {
        return Err(function_error(&text, payload.to_string()));
    }
    let version = reply.output.get("ExecutedVersion").and_then(Value::as_str);
    let version = version.unwrap_or("$LATEST");
    let mut result = json!({ "ExecutedVersion": version, "Payload": payload });
    if let Some(log) = reply.output.get("LogResult") {
        result["LogResult"] = log.clone();
    }
    result["StatusCode"] = reply
        .output
        .get("StatusCode")
        .cloned()
        .unwrap_or_else(|| 200.into());
    let now = task.states.aws.clock().now();
    let mut headers = Headers::new(
        &answer.request_id,
        "application/json",
        text.len(),
        "Connection",
        now,
    );
    headers.add("X-Amz-Executed-Version", version);
    headers.add("x-amzn-Remapped-Content-Length", "0");
    Ok(headers.complete(result).to_string())
}

/// The failure that a function's error becomes. The cause of a direct invocation keeps the
/// function's own text, that of `lambda:invoke` is rewritten without spaces.
fn function_error(payload: &str, cause: String) -> Failure {
    let parsed: Value = serde_json::from_str(payload).unwrap_or_default();
    match parsed.get("errorType").and_then(Value::as_str) {
        Some(name) => Failure::new(name, cause),
        None => Failure::new(
            "Lambda.Unknown",
            format!(
                "The cause could not be determined because Lambda did not return an error type. \
                 Returned payload: {payload}"
            ),
        ),
    }
}
