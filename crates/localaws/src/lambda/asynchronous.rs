//! Asynchronous invocations: kept until they are done, tried again, and passed on to destinations.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Scope};

use super::Lambda;
use super::destinations::{deliver, letter};
use super::event_invoke_config::config_of;
use super::model::function_arn;
use super::names::Named;
use super::runtime::{Outcome, Request};

/// How long an event waits before its second and third try, in seconds.
const PAUSES: [u64; 2] = [60, 120];
/// Longest pause after the function was too busy, in seconds.
const LONGEST_PAUSE: u64 = 300;

/// An event that waits for its function.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Event {
    scope: Scope,
    name: String,
    qualifier: Option<String>,
    request_id: String,
    payload: String,
    client_context: Option<String>,
    accepted: Timestamp,
    /// Tries that ended with an error of the function.
    failures: usize,
}

impl Event {
    fn named(&self) -> Named {
        Named {
            name: self.name.clone(),
            qualifier: self.qualifier.clone(),
        }
    }

    fn key(&self) -> String {
        self.scope.key(&self.request_id)
    }
}

impl Lambda {
    /// Takes an event in; it is worked on beside the caller.
    pub(super) fn accept_event(
        &self,
        scope: &Scope,
        named: &Named,
        request: Request,
    ) -> Result<(), AwsError> {
        let event = Event {
            scope: scope.clone(),
            name: named.name.clone(),
            qualifier: named.qualifier.clone(),
            request_id: request.id,
            payload: String::from_utf8_lossy(&request.payload).into_owned(),
            client_context: request.client_context,
            accepted: self.aws.clock().now(),
            failures: 0,
        };
        self.events.put(&event.key(), event.clone());
        if let Some(this) = self.this.upgrade() {
            self.aws.spawn(this.handle(event));
        }
        Ok(())
    }

    /// Takes up the events that were not done when the program ended.
    pub(super) fn resume_events(self: &Arc<Self>) {
        for (_, event) in self.events.scan("") {
            self.aws.spawn(Arc::clone(self).handle(event));
        }
    }

    async fn handle(self: Arc<Self>, mut event: Event) {
        let mut throttled = 1;
        let condition = loop {
            let settings = self.settings(&event);
            let age = self.aws.clock().now().duration_since(event.accepted);
            let oldest = settings
                .number("MaximumEventAgeInSeconds")
                .unwrap_or(21_600);
            if age.as_secs() > oldest {
                break Some(("EventAgeExceeded", None));
            }
            let request = Request {
                id: event.request_id.clone(),
                payload: Bytes::from(event.payload.clone()),
                arn: event.named().arn(&event.scope),
                client_context: event.client_context.clone(),
            };
            match self.run(&event.scope, &event.named(), request).await {
                Ok((version, outcome)) if !outcome.failed => {
                    break Some(("Success", Some((version, outcome))));
                }
                Ok(failed) => {
                    let retries = settings.number("MaximumRetryAttempts").unwrap_or(2);
                    let pause = PAUSES.get(event.failures).copied();
                    event.failures += 1;
                    if event.failures as i64 > retries {
                        break Some(("RetriesExhausted", Some(failed)));
                    }
                    self.events.put(&event.key(), event.clone());
                    let pause = Duration::from_secs(pause.unwrap_or_default());
                    self.aws.clock().sleep(pause).await;
                }
                Err(error) if error.status == 429 || error.status >= 500 => {
                    self.aws.clock().sleep(Duration::from_secs(throttled)).await;
                    throttled = (throttled * 2).min(LONGEST_PAUSE);
                }
                // The function is gone.
                Err(_) => break None,
            }
        };
        if let Some((condition, ended)) = condition {
            self.pass_on(&event, condition, ended).await;
        }
        self.events.remove(&event.key());
    }

    fn settings(&self, event: &Event) -> Value {
        let of = config_of(&event.named());
        let key = event.scope.key(&event.name);
        let settings = self
            .functions
            .with(&key, |function| function.event_invoke.get(&of).cloned());
        settings.flatten().unwrap_or_default()
    }

    async fn pass_on(&self, event: &Event, condition: &str, ended: Option<(String, Outcome)>) {
        let success = condition == "Success";
        let settings = self.settings(event);
        let side = if success { "OnSuccess" } else { "OnFailure" };
        let payload: Value = serde_json::from_str(&event.payload).unwrap_or_default();
        if let Some(target) = settings["DestinationConfig"][side]["Destination"].as_str() {
            let qualifier = event.qualifier.as_deref().unwrap_or(super::model::LATEST);
            let arn = function_arn(&event.scope, &event.name, Some(qualifier));
            let mut record = json!({
                "version": "1.0",
                "timestamp": self.aws.clock().now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
                "requestContext": {
                    "requestId": event.request_id,
                    "functionArn": arn,
                    "condition": condition,
                    "approximateInvokeCount": event.failures + usize::from(success),
                },
                "requestPayload": payload,
            });
            if let Some((version, outcome)) = &ended {
                let mut context = json!({ "statusCode": 200, "executedVersion": version });
                if outcome.failed {
                    context["functionError"] = "Unhandled".into();
                }
                record["responseContext"] = context;
                let response = serde_json::from_slice(&outcome.payload);
                record["responsePayload"] = response.unwrap_or_default();
            }
            deliver(&self.aws, &event.scope, target, &arn, &record, success).await;
        }
        if success {
            return;
        }
        let key = event.scope.key(&event.name);
        let queue = self.functions.with(&key, |function| {
            let target = function
                .latest
                .dead_letter_config
                .as_ref()?
                .text("TargetArn")?;
            Some(target.to_owned())
        });
        if let Some(target) = queue.flatten() {
            let message = ended
                .map(|(_, outcome)| outcome.payload)
                .unwrap_or_default();
            let message: Value = serde_json::from_slice(&message).unwrap_or_default();
            let message = message["errorMessage"].as_str().unwrap_or(condition);
            letter(
                &self.aws,
                &event.scope,
                &target,
                &event.payload,
                &event.request_id,
                message,
            )
            .await;
        }
    }
}
