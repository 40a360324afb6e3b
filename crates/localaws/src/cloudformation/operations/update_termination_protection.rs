//! `UpdateTerminationProtection`.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::{flag, required};
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    if stack.parent.is_some() {
        return Err(invalid(
            "TerminationProtection cannot be set on a nested stack",
        ));
    }
    let enabled = flag(&call.input, "EnableTerminationProtection").unwrap_or_default();
    let key = stack.key();
    cfn.state
        .stacks
        .update(&key, |stack| stack.options.termination_protection = enabled);
    Ok(json!({ "StackId": stack.id }))
}
