//! `CancelResourceRequest`

use serde_json::{Value, json};

use super::get_resource_request_status::not_found;
use super::request::Status;
use super::{CloudControl, required};
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) fn cancel_resource_request(&self, call: &Call) -> Result<Value, AwsError> {
        let token = required(call, "RequestToken")?;
        let cancelled = self.requests.update(&call.scope.key(token), |request| {
            if request.status.is_final() {
                return Err(AwsError::new(
                    "ConcurrentModificationException",
                    format!(
                        "Request with token {token} is in a final state and cannot be canceled"
                    ),
                ));
            }
            request.status = Status::CancelInProgress;
            Ok(json!({ "ProgressEvent": request.progress() }))
        });
        cancelled.ok_or_else(|| not_found(token))?
    }
}
