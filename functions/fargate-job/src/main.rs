//! The Lambda program of the use case: one binary, five functions, told apart by the configured handler.

use fargate_job::ports::Aws;
use fargate_job::{Error, contend, explain, finish, log, prepare, watch};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Serves a module's `handle` until Lambda has no more work.
macro_rules! serve {
    ($function:ident, $aws:expr) => {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
            let result = match request(event.payload) {
                Ok(request) => $function::handle(request, $aws).await,
                Err(error) => Err(error),
            };
            result.inspect_err(|e| log::error(e.name(), &e.to_string()))
        }))
        .await
    };
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let aws = &Aws::from_env();
    let handler = std::env::var("_HANDLER").unwrap_or_default();
    match handler.as_str() {
        "prepare" => serve!(prepare, aws),
        "contend" => serve!(contend, aws),
        "explain" => serve!(explain, aws),
        "finish" => serve!(finish, aws),
        "watch" => serve!(watch, aws),
        other => Err(format!(
            "the handler is `{other}`; there are `prepare`, `contend`, `explain`, `finish` and `watch`"
        )
        .into()),
    }
}

/// The workflow and the template alone call these functions, so a request that cannot be read is a
/// mistake in one of them.
fn request<T: DeserializeOwned>(payload: Value) -> Result<T, Error> {
    serde_json::from_value(payload)
        .map_err(|e| Error::BrokenRun(format!("the request cannot be read: {e}")))
}
