//! `UpdateFunctionConfiguration`.

use serde_json::Value;

use crate::{AwsError, Call};

use super::Lambda;
use super::configuration::last_modified;
use super::model::function_arn;
use super::update_function_code::check_revision;

impl Lambda {
    pub(super) fn update_function_configuration(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let shown = self.change(&call.scope, &named, |function| {
            check_revision(call, &function.latest.revision_id)?;
            let mut latest = function.latest.clone();
            latest.apply(&named.name, &call.input)?;
            latest.last_modified = last_modified(self.aws.clock().now());
            latest.revision_id = self.aws.ids().uuid();
            function.latest = latest;
            let arn = function_arn(&call.scope, &named.name, None);
            Ok(function.latest.shown(&named.name, &arn))
        })?;
        self.retire(&call.scope, &named.name);
        Ok(shown)
    }
}
