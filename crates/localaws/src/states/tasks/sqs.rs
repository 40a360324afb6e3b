//! `sqs:sendMessage`: the body may be any JSON.

use super::Task;
use super::failure::Failure;
use super::optimised::{Service, as_text};

const SQS: Service = Service {
    name: "sqs",
    prefix: "SQS",
    client: "AmazonSQS",
    base: "AmazonSQSException",
};

pub(super) async fn send_message(task: &Task) -> Result<String, Failure> {
    let body = |parameters: &mut _| as_text(parameters, "MessageBody");
    SQS.call(task, "sendMessage", body).await
}
