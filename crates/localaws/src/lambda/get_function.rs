//! `GetFunction` and `GetFunctionConfiguration`.

use serde_json::{Value, json};

use crate::{AwsError, Call};

use super::Lambda;
use super::code::location;

impl Lambda {
    pub(super) fn get_function_configuration(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let (_, version) = self.version(&call.scope, &named)?;
        Ok(version.shown(&named.name, &named.arn(&call.scope)))
    }

    pub(super) fn get_function(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let (function, version) = self.version(&call.scope, &named)?;
        let mut output = json!({
            "Configuration": version.shown(&named.name, &named.arn(&call.scope)),
            "Code": location(),
        });
        if !function.tags.is_empty() {
            output["Tags"] = json!(function.tags);
        }
        if let Some(reserved) = function.reserved {
            output["Concurrency"] = json!({ "ReservedConcurrentExecutions": reserved });
        }
        Ok(output)
    }
}
