//! A request to change a resource, and how it goes on.

use std::future::Future;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::CloudControl;
use crate::params::Params;
use crate::resources::{Context, Failure};
use crate::{AwsError, Call};

/// A request, as long as it can be asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) token: String,
    client_token: Option<String>,
    /// What the call asked, to tell a repeated call from another one with the same client token.
    asked: Value,
    pub(super) type_name: String,
    pub(super) operation: Operation,
    pub(super) identifier: Option<String>,
    pub(super) status: Status,
    pub(super) time: Timestamp,
    pub(super) model: Option<String>,
    pub(super) error_code: Option<String>,
    pub(super) message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Operation {
    Create,
    Update,
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    InProgress,
    Success,
    Failed,
    CancelInProgress,
    CancelComplete,
}

impl Status {
    /// Whether nothing comes after.
    pub(super) fn is_final(self) -> bool {
        !matches!(self, Self::InProgress | Self::CancelInProgress)
    }
}

/// What a finished request knows: the identifier, and the model unless it is gone.
pub(super) struct Done {
    pub(super) identifier: String,
    pub(super) model: Option<Value>,
}

impl Request {
    /// The request as `ProgressEvent`.
    pub(super) fn progress(&self) -> Value {
        let mut event = json!({
            "TypeName": self.type_name,
            "RequestToken": self.token,
            "Operation": self.operation,
            "OperationStatus": self.status,
            "EventTime": self.time.to_string(),
        });
        let optional = [
            ("Identifier", &self.identifier),
            ("ResourceModel", &self.model),
            ("ErrorCode", &self.error_code),
            ("StatusMessage", &self.message),
        ];
        for (name, value) in optional {
            if let (Some(value), Some(event)) = (value, event.as_object_mut()) {
                event.insert(name.to_owned(), json!(value));
            }
        }
        event
    }
}

impl CloudControl {
    /// Begins a request, whose work goes on beside the answer. The same client token answers the
    /// same request again.
    pub(super) fn begin<F>(
        &self,
        call: &Call,
        cx: &Context,
        operation: Operation,
        identifier: Option<String>,
        work: F,
    ) -> Result<Value, AwsError>
    where
        F: Future<Output = Result<Done, Failure>> + Send + 'static,
    {
        let client_token = call.input.text("ClientToken").map(str::to_owned);
        let prefix = call.scope.prefix();
        let now = self.aws.clock().now();
        for (key, other) in self.requests.scan(&prefix) {
            // AWS keeps requests for seven days.
            if other.status.is_final()
                && now.duration_since(other.time) > SignedDuration::from_hours(7 * 24)
            {
                self.requests.remove(&key);
            } else if client_token.is_some() && other.client_token == client_token {
                return self.again(&other, call);
            } else if !other.status.is_final()
                && identifier.is_some()
                && other.identifier == identifier
                && other.type_name == cx.type_name
            {
                return Err(AwsError::new(
                    "ConcurrentOperationException",
                    format!(
                        "Concurrent modification of resource of type '{}' with identifier '{}'.",
                        cx.type_name,
                        identifier.unwrap_or_default()
                    ),
                ));
            }
        }
        let request = Request {
            token: self.aws.ids().uuid(),
            client_token,
            asked: call.input.clone(),
            type_name: cx.type_name.clone(),
            operation,
            identifier,
            status: Status::InProgress,
            time: now,
            model: None,
            error_code: None,
            message: None,
        };
        let progress = request.progress();
        let key = call.scope.key(&request.token);
        self.requests.put(&key, request);
        let (requests, aws) = (self.requests.clone(), self.aws.clone());
        self.aws.spawn(async move {
            let result = work.await;
            requests.update(&key, |request| request.finish(result, aws.clock().now()));
        });
        Ok(json!({ "ProgressEvent": progress }))
    }

    fn again(&self, request: &Request, call: &Call) -> Result<Value, AwsError> {
        if request.asked == call.input {
            return Ok(json!({ "ProgressEvent": request.progress() }));
        }
        Err(AwsError::new(
            "ClientTokenConflictException",
            "The client token was used for another request.",
        )
        .with_status(409))
    }
}

impl Request {
    fn finish(&mut self, result: Result<Done, Failure>, now: Timestamp) {
        self.time = now;
        // A cancelled request is not undone: cancelling only says that nobody waits for it.
        if self.status == Status::CancelInProgress {
            self.status = Status::CancelComplete;
            return;
        }
        match result {
            Ok(done) => {
                self.status = Status::Success;
                self.identifier = Some(done.identifier);
                self.model = done.model.map(|model| model.to_string());
            }
            Err(failure) => {
                self.status = Status::Failed;
                self.error_code = Some(failure.code.to_string());
                self.message = Some(failure.message);
            }
        }
    }
}
