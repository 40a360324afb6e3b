//! Names of SQS's old query protocol, which today's model of SQS (JSON) no longer has.

use crate::model::{Kind, Member, Shape};

/// The name that stands for a list or map in parameters and answers.
pub(crate) fn member(shape: Shape, member: Member) -> Option<&'static str> {
    if member.service.name() != "sqs" {
        return None;
    }
    Some(match (shape.name(), member.name()) {
        ("SendMessageBatchRequest", "Entries") => "SendMessageBatchRequestEntry",
        ("DeleteMessageBatchRequest", "Entries") => "DeleteMessageBatchRequestEntry",
        ("ChangeMessageVisibilityBatchRequest", "Entries") => {
            "ChangeMessageVisibilityBatchRequestEntry"
        }
        ("SendMessageBatchResult", "Successful") => "SendMessageBatchResultEntry",
        ("DeleteMessageBatchResult", "Successful") => "DeleteMessageBatchResultEntry",
        ("ChangeMessageVisibilityBatchResult", "Successful") => {
            "ChangeMessageVisibilityBatchResultEntry"
        }
        (_, "Failed") => "BatchResultErrorEntry",
        (_, "AttributeNames") => "AttributeName",
        (_, "Attributes") => "Attribute",
        (_, "MessageAttributes") => "MessageAttribute",
        (_, "MessageAttributeNames") => "MessageAttributeName",
        (_, "MessageSystemAttributes") => "MessageSystemAttribute",
        (_, "MessageSystemAttributeNames") => "MessageSystemAttributeName",
        (_, "AWSAccountIds") => "AWSAccountId",
        (_, "Actions") => "ActionName",
        (_, "TagKeys") => "TagKey",
        (_, "tags" | "Tags") => "Tag",
        (_, "QueueUrls" | "queueUrls") => "QueueUrl",
        (_, "Messages") => "Message",
        (_, "Results") => "ListMessageMoveTasksResultEntry",
        _ => return None,
    })
}

/// Names of key and value in a map's entries.
pub(crate) fn entry(map: Member) -> Option<(&'static str, &'static str)> {
    if map.service.name() != "sqs" || map.shape().kind() != Kind::Map {
        return None;
    }
    match map.name() {
        "tags" | "Tags" => Some(("Key", "Value")),
        _ => Some(("Name", "Value")),
    }
}

/// The code of an error in the old protocol, which clients of the new one may still ask for.
pub(crate) fn error_code(shape_name: &str) -> Option<&'static str> {
    Some(match shape_name {
        "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue",
        "QueueNameExists" => "QueueAlreadyExists",
        "QueueDeletedRecently" => "AWS.SimpleQueueService.QueueDeletedRecently",
        "EmptyBatchRequest" => "AWS.SimpleQueueService.EmptyBatchRequest",
        "TooManyEntriesInBatchRequest" => "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        "BatchEntryIdsNotDistinct" => "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        "BatchRequestTooLong" => "AWS.SimpleQueueService.BatchRequestTooLong",
        "InvalidBatchEntryId" => "AWS.SimpleQueueService.InvalidBatchEntryId",
        "PurgeQueueInProgress" => "AWS.SimpleQueueService.PurgeQueueInProgress",
        "MessageNotInflight" => "AWS.SimpleQueueService.MessageNotInflight",
        "UnsupportedOperation" => "AWS.SimpleQueueService.UnsupportedOperation",
        "KmsDisabled" => "KMS.DisabledException",
        "KmsInvalidState" => "KMS.InvalidStateException",
        "KmsNotFound" => "KMS.NotFoundException",
        "KmsOptInRequired" => "KMS.OptInRequired",
        "KmsThrottled" => "KMS.ThrottlingException",
        "KmsAccessDenied" => "KMS.AccessDeniedException",
        "KmsInvalidKeyUsage" => "KMS.InvalidKeyUsageException",
        _ => return None,
    })
}
