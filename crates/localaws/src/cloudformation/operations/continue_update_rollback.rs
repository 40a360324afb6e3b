//! `ContinueUpdateRollback`.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::engine::{Work, start};
use crate::cloudformation::request::{required, text, texts};
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;

pub(super) fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    if stack.status != StackStatus::UpdateRollbackFailed {
        return Err(invalid(format!(
            "Stack:{} is in {} state and can not continue update rollback.",
            stack.id,
            stack.status.text()
        )));
    }
    let key = stack.key();
    cfn.state.stacks.update(&key, |stack| {
        stack.options.skip = texts(&call.input, "ResourcesToSkip");
        stack.token = text(&call.input, "ClientRequestToken").map(str::to_owned);
        stack.status = StackStatus::UpdateRollbackInProgress;
    });
    start(cfn, key, Work::RollBack);
    Ok(json!({}))
}
