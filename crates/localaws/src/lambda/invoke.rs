//! `Invoke`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;

use crate::params::Params;
use crate::{AwsError, Call, Reply, Scope};

use super::Lambda;
use super::concurrency::ACCOUNT_LIMIT;
use super::model::{LATEST, constraint, not_found};
use super::names::Named;
use super::runtime::{Outcome, Request, Spec};

/// Most bytes of a payload whose answer is waited for, and of one that is queued.
const MOST_WAITED: usize = 6_291_456;
const MOST_QUEUED: usize = 1_048_576;

impl Lambda {
    pub(super) async fn invoke(&self, call: &Call) -> Result<Reply, AwsError> {
        let named = self.named(call)?;
        let kind = call
            .input
            .filled("InvocationType")
            .unwrap_or("RequestResponse");
        self.version(&call.scope, &named)?;
        let most = if kind == "Event" {
            MOST_QUEUED
        } else {
            MOST_WAITED
        };
        if call.body.len() > most {
            return Err(AwsError::new(
                "RequestEntityTooLargeException",
                format!(
                    "Request must be smaller than {most} bytes for the InvokeFunction operation"
                ),
            )
            .with_status(413)
            .with_field("Type", "User".into()));
        }
        let payload = match call.body.is_empty() {
            true => Bytes::from_static(b"{}"),
            false => call.body.clone(),
        };
        if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&payload) {
            return Err(AwsError::new(
                "InvalidRequestContentException",
                format!("Could not parse request body into json: {error}"),
            )
            .with_field("Type", "User".into()));
        }
        let request = Request {
            id: call.request_id.clone(),
            payload,
            arn: named.arn(&call.scope),
            client_context: call.input.filled("ClientContext").map(decoded),
        };
        match kind {
            "RequestResponse" => {
                let (version, outcome) = self.run(&call.scope, &named, request).await?;
                let mut output = json!({ "StatusCode": 200, "ExecutedVersion": version });
                if outcome.failed {
                    output["FunctionError"] = "Unhandled".into();
                }
                if call.input.text("LogType") == Some("Tail") {
                    output["LogResult"] = STANDARD.encode(&outcome.log).into();
                }
                Ok(Reply {
                    output,
                    body: outcome.payload,
                })
            }
            "Event" => {
                self.accept_event(&call.scope, &named, request)?;
                Ok(Reply::from(json!({ "StatusCode": 202 })))
            }
            "DryRun" => Ok(Reply::from(json!({ "StatusCode": 204 }))),
            _ => Err(constraint(
                kind,
                "invocationType",
                "satisfy enum value set: [Event, RequestResponse, DryRun]",
            )),
        }
    }

    /// Runs a function and says which version ran. The function goes on to its end also when the
    /// caller no longer waits.
    pub(super) async fn run(
        &self,
        scope: &Scope,
        named: &Named,
        request: Request,
    ) -> Result<(String, Outcome), AwsError> {
        let function = self.function(scope, named)?;
        let qualifier = named.qualifier.as_deref().unwrap_or(LATEST);
        let version = match function.aliases.get(qualifier) {
            Some(alias) => self.routed(alias),
            None => qualifier.to_owned(),
        };
        let configuration = function
            .version(&version)
            .cloned()
            .ok_or_else(|| not_found(format!("Function not found: {}", named.arn(scope))))?;
        let key = scope.key(&named.name);
        let pool = self
            .pool
            .upgrade()
            .ok_or_else(|| AwsError::internal("the endpoint is shutting down"))?;
        let running = pool
            .enter(&key, function.reserved, ACCOUNT_LIMIT)
            .ok_or_else(|| throttled(function.reserved.is_some()))?;
        let zip = self
            .code
            .get(&scope.key(&configuration.code_sha256))
            .ok_or_else(|| AwsError::internal("the function's code is gone"))?;
        let spec = Spec {
            scope: scope.clone(),
            name: named.name.clone(),
            configuration,
            zip,
        };
        let job = async move { running.invoke(&spec, request).await };
        match self.aws.spawn(job).await {
            Some(outcome) => Ok((version, outcome)),
            None => Err(AwsError::internal("the invocation was cut off")),
        }
    }

    /// Ends the processes of a function that changed or is gone.
    pub(super) fn retire(&self, scope: &Scope, name: &str) {
        if let Some(pool) = self.pool.upgrade() {
            pool.retire(&scope.key(name));
        }
    }
}

fn throttled(reserved: bool) -> AwsError {
    let reason = match reserved {
        true => "ReservedFunctionConcurrentInvocationLimitExceeded",
        false => "ConcurrentInvocationLimitExceeded",
    };
    AwsError::new("TooManyRequestsException", "Rate Exceeded.")
        .with_status(429)
        .with_field("Reason", reason.into())
        .with_field("Type", "User".into())
}

/// The client context travels in base64; functions get the JSON in it.
fn decoded(context: &str) -> String {
    let bytes = STANDARD.decode(context).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
