//! `AWS::SNS::TopicPolicy`.

use serde_json::json;

use crate::resources::At;
use crate::resources::service_policy::ServicePolicy;

pub(in crate::resources) const TOPIC_POLICY: ServicePolicy = ServicePolicy {
    service: "sns",
    action: "SetTopicAttributes",
    list: "Topics",
    input: |topic, policy| json!({ "TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy }),
    default: owners,
};

/// A topic is never without a policy: it gets back the one that lets its owner use it.
fn owners(at: &At<'_>, topic: &str) -> String {
    let policy = json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": [
                "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission",
                "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe",
                "SNS:ListSubscriptionsByTopic", "SNS:Publish",
            ],
            "Resource": topic,
            "Condition": { "StringEquals": { "AWS:SourceOwner": at.cx.scope.account } },
        }],
    });
    policy.to_string()
}
