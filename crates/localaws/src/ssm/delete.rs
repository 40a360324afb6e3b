//! `DeleteParameter` and `DeleteParameters`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;
use super::model::not_found;

impl Ssm {
    pub(super) fn delete_parameter(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        match self.parameters.remove(&call.scope.key(name)) {
            Some(_) => Ok(json!({})),
            None => Err(not_found(name)),
        }
    }

    pub(super) fn delete_parameters(&self, call: &Call) -> Result<Value, AwsError> {
        let names = call.input.texts("Names").into_iter();
        let (deleted, missing): (Vec<_>, Vec<_>) =
            names.partition(|name| self.parameters.remove(&call.scope.key(name)).is_some());
        Ok(json!({ "DeletedParameters": deleted, "InvalidParameters": missing }))
    }
}
