//! `AWS::SQS::QueuePolicy`.

use serde_json::json;

use crate::resources::service_policy::ServicePolicy;

pub(in crate::resources) const QUEUE_POLICY: ServicePolicy = ServicePolicy {
    service: "sqs",
    action: "SetQueueAttributes",
    list: "Queues",
    input: |queue, policy| json!({ "QueueUrl": queue, "Attributes": { "Policy": policy } }),
    default: |_, _| String::new(),
};
