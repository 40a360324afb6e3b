//! `aws-sdk:<service>:<action>`: any operation of any service.

use super::Task;
use super::failure::Failure;

/// Calls the operation with the task's parameters and returns its answer in Step Functions'
/// names.
pub(super) async fn call(task: &Task, service: &str, action: &str) -> Result<String, Failure> {
    let integration = awsapi::states::resolve(service, action)
        .ok_or_else(|| Failure::not_built(service, action))?;
    let (input, body) = integration
        .to_api(&task.asked.parameters)
        .map_err(|faults| Failure::bad_parameters(&task.asked.parameters, &faults))?;
    let answer = task
        .send(integration.service(), integration.action(), input, body)
        .await;
    match answer.result {
        Ok(reply) => Ok(integration.from_api(&reply.output, &reply.body).to_string()),
        Err(error) => {
            let name = integration.error_name(&error.code);
            let client = name.split('.').next().unwrap_or_default().to_owned();
            Err(Failure::of_sdk(name, &client, &error, &answer.request_id))
        }
    }
}
