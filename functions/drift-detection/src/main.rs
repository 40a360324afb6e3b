//! The Lambda program of the use case: one binary, three functions, told apart by the configured handler.

use drift_detection::ports::Aws;
use drift_detection::{Error, collect, log, plan, report};
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
        "plan" => serve!(plan, aws),
        "collect" => serve!(collect, aws),
        "report" => serve!(report, aws),
        other => Err(
            format!("the handler is `{other}`; there are `plan`, `collect` and `report`").into(),
        ),
    }
}

/// The workflow alone calls these functions, so a request that cannot be read is a mistake in the workflow.
fn request<T: DeserializeOwned>(payload: Value) -> Result<T, Error> {
    serde_json::from_value(payload)
        .map_err(|e| Error::BrokenRun(format!("the request cannot be read: {e}")))
}
