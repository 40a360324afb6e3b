//! Calls of other services as the execution's role.

use awsapi::Operation;
use bytes::Bytes;
use serde_json::Value;

use crate::states::States;
use crate::states::runner::Running;
use crate::{AwsError, Call, Reply, Scope};

use super::Task;

impl States {
    /// Calls a service as the role of an execution.
    pub(in super::super) async fn call_as(
        &self,
        running: &Running,
        service: &str,
        action: &str,
        input: Value,
        body: Bytes,
    ) -> Result<Reply, AwsError> {
        let call = Call {
            action: action.to_owned(),
            input,
            body,
            scope: running.scope(),
            request_id: self.aws.ids().uuid(),
            caller: running.role_arn.to_string(),
        };
        self.aws.dispatch(service, call).await
    }
}

impl Task {
    /// Whose resources the task's calls are about. The role of the task's `Credentials` acts on
    /// the resources of its own account. The account of the execution's role is not looked at:
    /// people who work locally write any account into it.
    pub(super) fn scope(&self) -> Scope {
        let own = self.running.scope();
        let credentials = self.asked.credentials.as_ref();
        let account = credentials.and_then(|role| role.split(':').nth(4));
        Scope {
            account: account.map_or(own.account, str::to_owned),
            region: own.region,
        }
    }

    /// Calls a service as the role of the task's `Credentials`, else as the execution's role.
    /// Answers the request's id too.
    pub(super) async fn send(
        &self,
        operation: Operation,
        input: Value,
        body: Bytes,
    ) -> (String, Result<Reply, AwsError>) {
        let call = self.prepare(operation, input, body);
        let request_id = call.request_id.clone();
        let reply = self.states.outside.dispatch(operation, call).await;
        (request_id, reply)
    }

    /// A call as that role, not yet made.
    pub(super) fn prepare(&self, operation: Operation, input: Value, body: Bytes) -> Call {
        let credentials = self.asked.credentials.as_ref();
        Call {
            action: operation.name().to_owned(),
            input,
            body,
            scope: self.scope(),
            request_id: self.states.aws.ids().uuid(),
            caller: credentials
                .map_or(&*self.running.role_arn, String::as_str)
                .to_owned(),
        }
    }
}
