//! `http:invoke`: calls an HTTP API on this machine through a connection of EventBridge.
//!
//! "Call HTTPS APIs in Step Functions workflows" in the developer guide. AWS takes HTTPS and any
//! public host; here it is any port of this machine, with or without TLS.

mod encoding;
mod request;
mod response;
mod trace;

use serde_json::{Value, json};

use super::Task;
use super::failure::Failure;
use crate::http_client::{self, NoAnswer, PATIENCE};
use request::Asked;
pub(in crate::states) use trace::Exchange;

/// Makes the request and returns its answer.
pub(super) async fn invoke(task: &Task) -> Result<String, Failure> {
    let asked = Asked::read(&task.asked.parameters);
    let socket = |cause: String| Failure::new("States.Http.Socket", cause);
    http_client::check_loopback(&asked.endpoint).map_err(socket)?;
    let credentials = credentials(task, &asked.connection).await?;
    let request = asked
        .request(&credentials, &task.running.scope().region)
        .map_err(|fault| Failure::bad_parameters(&task.asked.parameters, &fault))?;
    let trace = task.running.trace.as_ref();
    let shown = trace.map(|_| {
        // What the state alone asks for holds no secrets.
        let open = asked.request(&json!({}), &task.running.scope().region).ok();
        (open.as_ref().map(trace::request), trace::request(&request))
    });
    let answer = {
        // The time of whoever answers is not ours.
        let _busy = task.states.aws.clock().busy();
        task.states.outside.http().send(request, PATIENCE).await
    };
    let answer = answer.map_err(|why| match why {
        NoAnswer::TimedOut => socket("Read timed out".to_owned()),
        NoAnswer::Broken(why) => socket(why),
    })?;
    if let (Some(trace), Some((open, whole))) = (trace, shown) {
        let exchange = Exchange {
            open: open.unwrap_or_default(),
            whole,
            response: trace::response(&answer, &asked.endpoint),
        };
        // There is one task.
        let _ = trace.set(exchange);
    }
    response::result(&answer)
}

/// What the connection adds to the request.
async fn credentials(task: &Task, connection: &str) -> Result<Value, Failure> {
    let aws = &task.states.aws;
    let scope = task.scope();
    let input = json!({ "ConnectionArn": connection });
    let action = "RetrieveConnectionCredentials";
    let found = aws
        .call_as("service:states", &scope, "events", action, input)
        .await;
    found.map(|reply| reply.output).map_err(|error| {
        let name = format!("Events.ConnectionResource.{}", error.code);
        Failure::new(name, error.message)
    })
}
