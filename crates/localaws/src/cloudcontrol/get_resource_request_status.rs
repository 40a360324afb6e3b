//! `GetResourceRequestStatus`

use serde_json::{Value, json};

use super::{CloudControl, required};
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) fn get_resource_request_status(&self, call: &Call) -> Result<Value, AwsError> {
        let token = required(call, "RequestToken")?;
        let request = self.requests.get(&call.scope.key(token));
        let request = request.ok_or_else(|| not_found(token))?;
        Ok(json!({ "ProgressEvent": request.progress() }))
    }
}

/// Nobody knows the token.
pub(super) fn not_found(token: &str) -> AwsError {
    AwsError::new(
        "RequestTokenNotFoundException",
        format!("Request with token {token} was not found"),
    )
    .with_status(404)
}
