//! Optimised integrations that add nothing to the API but metadata in the result:
//! `sqs:sendMessage`, `sns:publish`, `dynamodb:getItem` and its like.

use super::Task;
use super::api::Api;
use super::failure::Failure;

/// Makes the call.
pub(super) async fn call(task: &Task, service: &str, action: &str) -> Result<String, Failure> {
    let api = Api::optimised(service, action)?;
    let answer = api.call(task, &task.asked.parameters).await?;
    Ok(match service {
        "sns" => answer.with_metadata(task, "text/xml", "connection"),
        "dynamodb" => {
            let mut headers = answer.headers(task, "application/x-amz-json-1.0", "Connection");
            headers.add("Server", "Server");
            headers.complete(answer.result).to_string()
        }
        _ => answer.with_metadata(task, "application/x-amz-json-1.0", "connection"),
    })
}
