//! What `Describe` operations repeat of the `Create` call.

use serde_json::{Map, Value};

/// The members of `input` that the answer to `action` has too.
pub(super) fn repeated(action: &str, input: &Value) -> Map<String, Value> {
    let operation = awsapi::service("sagemaker").and_then(|service| service.operation(action));
    let shape = operation.and_then(awsapi::Operation::output);
    let known = |name: &str| shape.is_some_and(|shape| shape.member(name).is_some());
    let members = input.as_object().into_iter().flatten();
    members
        .filter(|(name, _)| known(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
