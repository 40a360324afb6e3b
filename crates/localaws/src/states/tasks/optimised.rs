//! What the optimised integrations share: names of errors and clients, metadata in results.

use serde_json::Value;

use crate::AwsError;

use super::Task;
use super::failure::Failure;
use super::sdk_metadata::Headers;

/// A service as its optimised integration names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    /// Name in AWS's API models.
    pub name: &'static str,
    /// What error names begin with.
    pub prefix: &'static str,
    /// The client's name in causes.
    pub client: &'static str,
    /// The error of everything that the API does not model.
    pub base: &'static str,
}

impl Service {
    /// Calls an operation with the task's parameters, `edit`ed in the API's own names, and returns
    /// the result in Step Functions' names.
    pub(super) async fn call(
        &self,
        task: &Task,
        action: &str,
        edit: impl FnOnce(&mut Value),
    ) -> Result<String, Failure> {
        let result = self.call_plain(task, action, edit).await?;
        let (result, request_id) = result;
        Ok(self.complete(task, &request_id, result).to_string())
    }

    /// Like [`Service::call`], without metadata in the result, which comes with the request's id.
    pub(super) async fn call_plain(
        &self,
        task: &Task,
        action: &str,
        edit: impl FnOnce(&mut Value),
    ) -> Result<(Value, String), Failure> {
        let integration = awsapi::states::resolve(self.name, action)
            .ok_or_else(|| Failure::not_built(self.name, action))?;
        let mut parameters = task.asked.parameters.clone();
        edit(&mut parameters);
        let (input, body) = integration
            .to_api(&parameters)
            .map_err(|faults| Failure::bad_parameters(&task.asked.parameters, &faults))?;
        let answer = task
            .send(self.name, integration.action(), input, body)
            .await;
        match answer.result {
            Ok(reply) => Ok((
                integration.from_api(&reply.output, &reply.body),
                answer.request_id,
            )),
            Err(error) => Err(self.failure(&error, &answer.request_id)),
        }
    }

    /// The failure that an error of the API becomes.
    pub(super) fn failure(&self, error: &AwsError, request_id: &str) -> Failure {
        let modelled = awsapi::service(self.name).and_then(|service| service.error(&error.code));
        let name = match modelled.map(|shape| shape.name()) {
            Some(name) if name.ends_with("Exception") => name.to_owned(),
            Some(name) => format!("{name}Exception"),
            None => self.base.to_owned(),
        };
        Failure::of_optimised(
            format!("{}.{name}", self.prefix),
            self.client,
            error,
            request_id,
        )
    }

    /// Adds the metadata to a result.
    pub(super) fn complete(&self, task: &Task, request_id: &str, result: Value) -> Value {
        let (content_type, connection) = match self.name {
            "sns" => ("text/xml", "connection"),
            "dynamodb" => ("application/x-amz-json-1.0", "Connection"),
            _ => ("application/x-amz-json-1.0", "connection"),
        };
        let length = result.to_string().len();
        let now = task.states.aws.clock().now();
        let mut headers = Headers::new(request_id, content_type, length, connection, now);
        if self.name == "dynamodb" {
            headers.add("Server", "Server");
        }
        headers.complete(result)
    }
}

/// Members that may be any JSON and travel as text.
pub(super) fn as_text(parameters: &mut Value, member: &str) {
    match parameters.get_mut(member) {
        None | Some(Value::String(_)) => {}
        Some(value) => *value = value.to_string().into(),
    }
}
