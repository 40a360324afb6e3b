//! Which actions a call of an API needs.

use awsapi::{Operation, Service};
use cfn::iam;

/// Prefixes of actions that neither the signature nor the endpoint of a service tells.
const PREFIXES: [(&str, &str); 4] = [
    ("cloudwatch", "cloudwatch"),
    ("ses", "ses"),
    ("sesv2", "ses"),
    ("resourcegroupstaggingapi", "tag"),
];

/// Calls whose action has another name, or that need several (Service Authorization Reference; for
/// S3, "Required permissions for Amazon S3 API operations").
const OTHERS: &[(&str, &str, &[&str])] = &[
    ("dynamodb", "BatchExecuteStatement", &[]),
    ("dynamodb", "ExecuteStatement", &[]),
    ("dynamodb", "ExecuteTransaction", &[]),
    ("dynamodb", "TransactGetItems", &["dynamodb:GetItem"]),
    ("dynamodb", "TransactWriteItems", &[]),
    ("lambda", "Invoke", &["lambda:InvokeFunction"]),
    ("lambda", "InvokeAsync", &["lambda:InvokeFunction"]),
    ("s3", "CompleteMultipartUpload", &["s3:PutObject"]),
    ("s3", "CopyObject", &["s3:GetObject", "s3:PutObject"]),
    ("s3", "CreateMultipartUpload", &["s3:PutObject"]),
    ("s3", "DeleteObjects", &["s3:DeleteObject"]),
    (
        "s3",
        "GetBucketEncryption",
        &["s3:GetEncryptionConfiguration"],
    ),
    (
        "s3",
        "GetBucketLifecycleConfiguration",
        &["s3:GetLifecycleConfiguration"],
    ),
    (
        "s3",
        "GetBucketNotificationConfiguration",
        &["s3:GetBucketNotification"],
    ),
    ("s3", "HeadBucket", &["s3:ListBucket"]),
    ("s3", "HeadObject", &["s3:GetObject"]),
    ("s3", "ListBuckets", &["s3:ListAllMyBuckets"]),
    (
        "s3",
        "ListMultipartUploads",
        &["s3:ListBucketMultipartUploads"],
    ),
    ("s3", "ListObjectVersions", &["s3:ListBucketVersions"]),
    ("s3", "ListObjects", &["s3:ListBucket"]),
    ("s3", "ListObjectsV2", &["s3:ListBucket"]),
    ("s3", "ListParts", &["s3:ListMultipartUploadParts"]),
    (
        "s3",
        "PutBucketEncryption",
        &["s3:PutEncryptionConfiguration"],
    ),
    (
        "s3",
        "PutBucketLifecycleConfiguration",
        &["s3:PutLifecycleConfiguration"],
    ),
    (
        "s3",
        "PutBucketNotificationConfiguration",
        &["s3:PutBucketNotification"],
    ),
    ("s3", "UploadPart", &["s3:PutObject"]),
    ("s3", "UploadPartCopy", &["s3:GetObject", "s3:PutObject"]),
    ("sns", "PublishBatch", &["sns:Publish"]),
    (
        "sqs",
        "ChangeMessageVisibilityBatch",
        &["sqs:ChangeMessageVisibility"],
    ),
    ("sqs", "DeleteMessageBatch", &["sqs:DeleteMessage"]),
    ("sqs", "SendMessageBatch", &["sqs:SendMessage"]),
    // Each call checks its caller by itself.
    ("sts", "GetCallerIdentity", &[]),
    ("sts", "AssumeRole", &[]),
];

/// The actions that a call needs. None where that cannot be told.
pub(super) fn needed(operation: Operation) -> Vec<String> {
    let service = operation.service();
    let mut others = OTHERS.iter();
    if let Some((.., actions)) =
        others.find(|(other, name, _)| *other == service.name() && *name == operation.name())
    {
        return actions.iter().map(|action| (*action).to_owned()).collect();
    }
    let action = prefixes(service)
        .find(|prefix| iam::action(prefix, operation.name()).is_some())
        .map(|prefix| format!("{prefix}:{}", operation.name()));
    action.into_iter().collect()
}

/// The actions that a call needs which is named in a text, as in IAM: `s3:HeadObject`. None where
/// there is no such call.
pub(super) fn of_name(service: &str, name: &str) -> Vec<String> {
    let mut others = OTHERS.iter();
    if let Some((.., actions)) = others.find(|(other, call, _)| *other == service && *call == name)
    {
        return actions.iter().map(|action| (*action).to_owned()).collect();
    }
    let known = iam::action(service, name).map(|_| format!("{service}:{name}"));
    known.into_iter().collect()
}

/// What the actions of a service may begin with, likeliest first.
fn prefixes(service: &'static Service) -> impl Iterator<Item = &'static str> {
    let known = PREFIXES.iter().find(|(name, _)| *name == service.name());
    let known = known.map(|(_, prefix)| *prefix);
    known.into_iter().chain([
        service.signing_name(),
        service.endpoint_prefix(),
        service.name(),
    ])
}

#[cfg(test)]
mod tests {
    use awsapi::service;

    use super::*;

    #[test]
    fn actions_are_those_of_iam() {
        for (name, operation, expected) in [
            ("s3", "HeadObject", "s3:GetObject"),
            ("stepfunctions", "StartExecution", "states:StartExecution"),
            ("cloudwatch", "PutMetricData", "cloudwatch:PutMetricData"),
            (
                "elbv2",
                "DescribeRules",
                "elasticloadbalancing:DescribeRules",
            ),
            ("sesv2", "SendEmail", "ses:SendEmail"),
            ("events", "PutEvents", "events:PutEvents"),
            (
                "resourcegroupstaggingapi",
                "GetResources",
                "tag:GetResources",
            ),
            ("sts", "GetCallerIdentity", ""),
        ] {
            let mut all = service(name).unwrap().operations();
            let operation = all.find(|one| one.name() == operation).unwrap();
            assert_eq!(needed(operation).join(" "), expected);
        }
        // Every exception is one of an API that exists, and names actions that exist.
        for (name, operation, actions) in OTHERS {
            let mut all = service(name).unwrap().operations();
            assert!(
                all.any(|one| one.name() == *operation),
                "{name} {operation}"
            );
            for action in *actions {
                let (service, name) = action.split_once(':').unwrap();
                assert!(iam::action(service, name).is_some(), "{action}");
            }
        }
    }
}
