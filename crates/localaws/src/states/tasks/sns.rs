//! `sns:publish`: the message may be any JSON.

use super::Task;
use super::failure::Failure;
use super::optimised::{Service, as_text};

const SNS: Service = Service {
    name: "sns",
    prefix: "SNS",
    client: "AmazonSNS",
    base: "AmazonSNSException",
};

pub(super) async fn publish(task: &Task) -> Result<String, Failure> {
    let message = |parameters: &mut _| as_text(parameters, "Message");
    SNS.call(task, "publish", message).await
}
