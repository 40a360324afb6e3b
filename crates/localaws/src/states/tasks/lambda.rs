//! Lambda: by its ARN (`arn:aws:lambda:…`) and `lambda:invoke`.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Task;
use super::api::Api;
use super::failure::Failure;

/// Invokes a function with the task's parameters as payload; the result is the payload.
pub(super) async fn invoke_directly(task: &Task, arn: &str) -> Result<String, Failure> {
    let parameters = json!({ "FunctionName": arn });
    let payload = Bytes::from(task.asked.parameters.to_string());
    let api = Api::optimised("lambda", "invoke")?;
    let answer = api.call_with_body(task, &parameters, Some(payload)).await?;
    let text = answer
        .result
        .get("Payload")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if answer.result.get("FunctionError").is_some() {
        return Err(function_error(text, text.to_owned()));
    }
    Ok(if text.is_empty() { "null" } else { text }.to_owned())
}

/// `lambda:invoke`: the result is the API's answer with a parsed payload.
pub(super) async fn invoke(task: &Task) -> Result<String, Failure> {
    let mut parameters = task.asked.parameters.clone();
    let given = parameters
        .as_object_mut()
        .and_then(|members| members.shift_remove("Payload"));
    // Null is as good as nothing, as recorded.
    let given = given.filter(|payload| !payload.is_null());
    let payload = given.map_or_else(|| "{}".to_owned(), |payload| payload.to_string());
    let api = Api::optimised("lambda", "invoke")?;
    let mut answer = api
        .call_with_body(task, &parameters, Some(payload.into()))
        .await?;
    let text = answer
        .result
        .get("Payload")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let payload = match serde_json::from_str(&text) {
        Ok(payload) => payload,
        Err(_) => Value::from(text.as_str()),
    };
    if answer.result.get("FunctionError").is_some() {
        return Err(function_error(&text, payload.to_string()));
    }
    let mut headers = answer.headers(task, "application/json", Some("Connection"));
    headers.add("Content-Length", &text.len().to_string());
    if let Some(version) = answer.result.get("ExecutedVersion").and_then(Value::as_str) {
        headers.add("X-Amz-Executed-Version", version);
    }
    headers.add("x-amzn-Remapped-Content-Length", "0");
    let (ids, now) = (task.states.aws.ids(), task.states.aws.clock().now());
    let trace = format!(
        "Root=1-{:08x}-{};Parent={};Sampled=0",
        now.as_second(),
        ids.hex(24),
        ids.hex(16)
    );
    headers.add("X-Amzn-Trace-Id", &trace);
    answer.result["Payload"] = payload;
    Ok(headers.complete(answer.result).to_string())
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
