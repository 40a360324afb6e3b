//! `DeleteStack`.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::engine::{Work, start};
use crate::cloudformation::request::{choice, required, text, texts};
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;

pub(super) fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let (scope, input) = (&call.scope, &call.input);
    let name = required(input, "StackName")?;
    if choice(input, "DeletionMode", &["STANDARD", "FORCE_DELETE_STACK"])?
        == Some("FORCE_DELETE_STACK")
    {
        return Err(invalid(
            "DeletionMode FORCE_DELETE_STACK is not supported by this endpoint: name the resources to keep in RetainResources",
        ));
    }
    // What does not exist is deleted already.
    let Some(stack) = cfn.state.find(scope, name) else {
        return Ok(json!({}));
    };
    if matches!(
        stack.status,
        StackStatus::DeleteComplete | StackStatus::DeleteInProgress
    ) {
        return Ok(json!({}));
    }
    if stack.options.termination_protection {
        return Err(invalid(format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            stack.name
        )));
    }
    let retain = texts(input, "RetainResources");
    if !retain.is_empty() && stack.status != StackStatus::DeleteFailed {
        return Err(invalid(format!(
            "Invalid operation on stack [{}]. Resources can only be retained when the stack is in DELETE_FAILED state.",
            stack.id
        )));
    }
    let key = stack.key();
    if stack.status == StackStatus::CreateInProgress {
        // The job that makes the stack sees this and deletes what it made.
        cfn.state
            .stacks
            .update(&key, |stack| stack.cancelled = true);
        return Ok(json!({}));
    }
    if stack.status.is_busy() {
        return Err(invalid(format!(
            "Stack [{}] cannot be deleted while in status {}",
            stack.id,
            stack.status.text()
        )));
    }
    for logical in &retain {
        if !cfn.state.resources.contains(&format!("{key}/{logical}")) {
            return Err(invalid(format!(
                "Resource {logical} does not exist for stack {}",
                stack.name
            )));
        }
    }
    let begun = cfn.state.stacks.update(&key, |stack| {
        // Somebody else may have begun an operation meanwhile.
        if stack.status.is_busy() {
            return false;
        }
        stack.status = StackStatus::DeleteInProgress;
        stack.options.retain = retain;
        stack.token = text(input, "ClientRequestToken").map(str::to_owned);
        true
    });
    if begun != Some(true) {
        return Ok(json!({}));
    }
    cfn.set_stack_status(&key, StackStatus::DeleteInProgress, Some("User Initiated"));
    start(cfn, key, Work::Delete);
    Ok(json!({}))
}
