//! Idempotency tokens, which AWS's SDKs make up where the caller gives none.

use serde_json::Value;

use crate::model::Operation;

/// Fills in the tokens that the operation has and the input lacks. Every token should be new and
/// hard to guess: a UUID.
pub fn fill_tokens(operation: Operation, input: &mut Value, mut token: impl FnMut() -> String) {
    let (Some(shape), Value::Object(members)) = (operation.input(), input) else {
        return;
    };
    for member in shape.members().filter(|m| m.is_idempotency_token()) {
        let given = members.entry(member.name()).or_insert(Value::Null);
        if given.is_null() {
            *given = Value::from(token());
        }
    }
}
