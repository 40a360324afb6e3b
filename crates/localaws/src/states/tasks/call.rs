//! Calls of other services as the execution's role.

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
            scope: running.scope.clone(),
            request_id: self.aws.ids().uuid(),
            caller: running.role_arn.clone(),
        };
        self.aws.dispatch(service, call).await
    }
}

impl Task {
    /// Calls a service, and returns the request's id too, as the role of the task's `Credentials`, which acts on the resources of its
    /// own account, else as the execution's role. The latter's account is not looked at: people
    /// who work locally write any account into it.
    pub(super) async fn send(
        &self,
        service: &str,
        action: &str,
        input: Value,
        body: Bytes,
    ) -> (String, Result<Reply, AwsError>) {
        let own = &self.running.scope;
        let credentials = self.asked.credentials.as_ref();
        let account = credentials.and_then(|role| role.split(':').nth(4));
        let scope = Scope {
            account: account.unwrap_or(&own.account).to_owned(),
            region: own.region.clone(),
        };
        let role = credentials.unwrap_or(&self.running.role_arn);
        let request_id = self.states.aws.ids().uuid();
        let call = Call {
            action: action.to_owned(),
            input,
            body,
            scope,
            request_id: request_id.clone(),
            caller: role.clone(),
        };
        (request_id, self.states.aws.dispatch(service, call).await)
    }
}
