//! `apigateway:invoke`: calls a REST or HTTP API on this machine.
//!
//! "Create API Gateway REST APIs with Step Functions" in the developer guide. There is no API
//! Gateway here: `ApiEndpoint` is any server of this machine, `localhost:8080` or with a scheme.
//! Requests are not signed (`AuthType`): nobody here checks.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use serde_json::{Map, Value, json};

use super::Task;
use super::failure::Failure;
use crate::http_client::{self, NoAnswer, PATIENCE, with_query};
use crate::params::Params;

/// Makes the request and returns its answer.
pub(super) async fn invoke(task: &Task) -> Result<String, Failure> {
    let parameters = &task.asked.parameters;
    let url = url(parameters);
    http_client::check_loopback(&url)
        .map_err(|why| Failure::new("ApiGateway.EndpointNotReachable", why))?;
    let request =
        request(parameters, &url).map_err(|fault| Failure::bad_parameters(parameters, &fault))?;
    let answer = {
        // The time of whoever answers is not ours.
        let _busy = task.states.aws.clock().busy();
        task.states.outside.http().send(request, PATIENCE).await
    };
    let broken = |why: String| Failure::new("ApiGateway.SdkClientException", why);
    let answer = answer.map_err(|why| match why {
        NoAnswer::TimedOut => broken("Read timed out".to_owned()),
        NoAnswer::Broken(why) => broken(why),
    })?;
    result(&answer)
}

fn url(parameters: &Value) -> String {
    let endpoint = parameters.text("ApiEndpoint").unwrap_or_default();
    let endpoint = endpoint.trim_end_matches('/');
    let mut url = match endpoint.contains("://") {
        true => endpoint.to_owned(),
        false => format!("http://{endpoint}"),
    };
    for name in ["Stage", "Path"] {
        if let Some(part) = parameters.filled(name) {
            url.push('/');
            url.push_str(part.trim_start_matches('/'));
        }
    }
    url
}

fn request(parameters: &Value, url: &str) -> Result<Request<Bytes>, String> {
    let pairs = |name: &str| {
        let lists = parameters.map(name).into_iter().flatten();
        let pairs = lists.flat_map(|(name, values)| {
            let values = values.as_array().into_iter().flatten();
            values.map(|value| (name.clone(), text(value)))
        });
        pairs.collect::<Vec<_>>()
    };
    let query = pairs("QueryParameters");
    let keeps_nulls = parameters.flag("AllowNullValues");
    let body = parameters
        .member("RequestBody")
        .map(|body| match keeps_nulls {
            true => text(body),
            false => text(&without_nulls(body)),
        });
    let mut request = Request::builder()
        .method(parameters.text("Method").unwrap_or_default())
        .uri(with_query(url, &query))
        .body(Bytes::from(body.unwrap_or_default()))
        .map_err(|error| error.to_string())?;
    for (name, value) in pairs("Headers") {
        let wrong = || format!("The value of the header '{name}' is not valid");
        let header = HeaderName::try_from(&name).map_err(|_| wrong())?;
        let value = HeaderValue::from_str(&value).map_err(|_| wrong())?;
        request.headers_mut().append(header, value);
    }
    if !request.body().is_empty() {
        let json = HeaderValue::from_static("application/json");
        let headers = request.headers_mut();
        headers.entry("content-type").or_insert(json);
    }
    Ok(request)
}

/// The task's result, or its failure `ApiGateway.<status>`, as recorded.
fn result(answer: &Response<Bytes>) -> Result<String, Failure> {
    let status = answer.status();
    let text = String::from_utf8_lossy(answer.body());
    if !status.is_success() {
        return Err(Failure::new(
            format!("ApiGateway.{}", status.as_u16()),
            text,
        ));
    }
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in answer.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        let values = headers.entry(name.as_str()).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(value.into());
        }
    }
    let body = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text.as_ref()));
    Ok(json!({
        "Headers": headers,
        "ResponseBody": body,
        "StatusCode": status.as_u16(),
        "StatusText": status.canonical_reason().unwrap_or_default(),
    })
    .to_string())
}

/// `AllowNullValues` is off where nobody turns it on: members that are null are not sent.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name.clone(), without_nulls(member)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
