//! SNS's errors.

use crate::AwsError;

pub(super) fn invalid(what: impl std::fmt::Display) -> AwsError {
    AwsError::new("InvalidParameter", format!("Invalid parameter: {what}"))
}

pub(super) fn no_topic() -> AwsError {
    AwsError::new("NotFound", "Topic does not exist").with_status(404)
}

pub(super) fn no_subscription() -> AwsError {
    AwsError::new("NotFound", "Subscription does not exist").with_status(404)
}
