//! `aws-sdk:<service>:<action>`: any operation of any service.

use super::Task;
use super::api::Api;
use super::failure::Failure;

/// Calls the operation with the task's parameters and returns its answer in Step Functions'
/// names.
pub(super) async fn call(task: &Task, service: &str, action: &str) -> Result<String, Failure> {
    let api = Api::sdk(service, action)?;
    let answer = api.call(task, &task.asked.parameters).await?;
    Ok(answer.result.to_string())
}
