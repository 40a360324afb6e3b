//! A call of an API in Step Functions' names, by either kind of integration.

use awsapi::states::{Integration, error, from_api, resolve, to_api};
use awsapi::{Operation, Service};
use bytes::Bytes;
use serde_json::Value;

use crate::Call;

use super::Task;
use super::failure::Failure;
use super::sdk_metadata::Headers;

/// An operation and the way in which a task calls it.
pub(super) struct Api {
    operation: Operation,
    integration: Integration,
}

/// What a call yields, in Step Functions' names.
pub(super) struct Answer {
    pub result: Value,
    pub request_id: String,
}

impl Api {
    /// The operation of an `aws-sdk` integration.
    pub(super) fn sdk(service: &str, action: &str) -> Result<Self, Failure> {
        Self::find(service, action, Integration::Sdk)
    }

    /// The operation of an optimised integration.
    pub(super) fn optimised(service: &str, action: &str) -> Result<Self, Failure> {
        Self::find(service, action, Integration::Optimised)
    }

    fn find(service: &str, action: &str, integration: Integration) -> Result<Self, Failure> {
        let operation = resolve(service, action, integration)
            .ok_or_else(|| Failure::not_built(service, action))?;
        Ok(Self {
            operation,
            integration,
        })
    }

    /// The service that is called.
    pub(super) fn service(&self) -> &'static Service {
        self.operation.service()
    }

    /// The call with these parameters, to be made later. Nothing where they are not the API's.
    pub(super) fn prepare(&self, task: &Task, parameters: &Value) -> Option<(Operation, Call)> {
        let (input, payload) = to_api(self.operation, self.integration, parameters).ok()?;
        Some((self.operation, task.prepare(self.operation, input, payload)))
    }

    /// Makes the call.
    pub(super) async fn call(&self, task: &Task, parameters: &Value) -> Result<Answer, Failure> {
        self.call_with_body(task, parameters, None).await
    }

    /// Makes the call with a payload that is not among the parameters.
    pub(super) async fn call_with_body(
        &self,
        task: &Task,
        parameters: &Value,
        body: Option<Bytes>,
    ) -> Result<Answer, Failure> {
        let (input, payload) = to_api(self.operation, self.integration, parameters)
            .map_err(|fault| Failure::bad_parameters(&task.asked.parameters, &fault))?;
        let service = self.operation.service();
        let (request_id, reply) = task
            .send(self.operation, input, body.unwrap_or(payload))
            .await;
        match reply {
            Ok(reply) => Ok(Answer {
                result: from_api(self.operation, self.integration, &reply.output, &reply.body),
                request_id,
            }),
            Err(cause) => {
                let (error, cause) = error(service, self.integration, &cause, &request_id);
                Err(Failure::new(error, cause))
            }
        }
    }
}

impl Answer {
    /// The result with the metadata that optimised integrations add, as JSON text.
    pub(super) fn with_metadata(
        self,
        task: &Task,
        content_type: &str,
        connection: Option<&str>,
    ) -> String {
        self.headers(task, content_type, connection)
            .complete(self.result)
            .to_string()
    }

    /// The headers that the answer came with.
    pub(super) fn headers(
        &self,
        task: &Task,
        content_type: &str,
        connection: Option<&str>,
    ) -> Headers {
        let length = self.result.to_string().len();
        let now = task.states.aws.clock().now();
        Headers::new(&self.request_id, content_type, length, connection, now)
    }
}
