//! Errors in ECR's words.

use crate::{AwsError, Scope};

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", message)
}

pub(super) fn no_repository(name: &str, scope: &Scope) -> AwsError {
    let message = format!(
        "The repository with name '{name}' does not exist in the registry with id '{}'",
        scope.account
    );
    AwsError::new("RepositoryNotFoundException", message)
}
