//! `bedrock:invokeModel`: the prompt is JSON, and it or the answer may lie in S3.
//!
//! "Invoke and customize Amazon Bedrock models with Step Functions" in the developer guide. No
//! model runs here: the call goes to `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Task;
use super::api::Api;
use super::failure::Failure;
use crate::params::Params;

/// Makes the call. The result's `Body` is what the model answered, or where in S3 that lies.
pub(super) async fn invoke_model(task: &Task) -> Result<String, Failure> {
    let mut parameters = task.asked.parameters.clone();
    let mut take = |name: &str| parameters.as_object_mut()?.shift_remove(name);
    let (body, input, output) = (take("Body"), take("Input"), take("Output"));
    let body = match input.as_ref().filter(|input| !input.is_null()) {
        Some(input) => {
            let place = place(input)?;
            let call = Api::optimised("s3", "getObject")?
                .call(task, &place)
                .await?;
            text(call.result.member("Body"))
        }
        None => text(body.as_ref()),
    };
    let api = Api::optimised("bedrock-runtime", "invokeModel")?;
    let body = Some(Bytes::from(body));
    let mut answer = api.call_with_body(task, &parameters, body).await?;
    let said = text(answer.result.member("Body"));
    answer.result["Body"] = match output.as_ref().filter(|output| !output.is_null()) {
        Some(output) => {
            let place = place(output)?;
            let put = Api::optimised("s3", "putObject")?;
            put.call_with_body(task, &place, Some(said.into())).await?;
            output.member("S3Uri").cloned().unwrap_or_default()
        }
        None => serde_json::from_str(&said).unwrap_or_else(|_| Value::from(said)),
    };
    Ok(answer.result.to_string())
}

/// `s3://bucket/key` as S3's parameters.
fn place(given: &Value) -> Result<Value, Failure> {
    let uri = given.text("S3Uri").unwrap_or_default();
    let parts = uri
        .strip_prefix("s3://")
        .and_then(|rest| rest.split_once('/'));
    match parts {
        Some((bucket, key)) => Ok(json!({ "Bucket": bucket, "Key": key })),
        None => Err(Failure::new(
            "Bedrock.ValidationException",
            format!("'{uri}' is not the URI of an object in S3"),
        )),
    }
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}
