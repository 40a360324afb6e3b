//! `CancelUpdateStack`.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::required;
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    if stack.status != StackStatus::UpdateInProgress {
        return Err(invalid(format!(
            "CancelUpdateStack cannot be called from current stack status: {}",
            stack.status.text()
        )));
    }
    let key = stack.key();
    cfn.state
        .stacks
        .update(&key, |stack| stack.cancelled = true);
    Ok(json!({}))
}
