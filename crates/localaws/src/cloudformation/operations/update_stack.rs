//! `UpdateStack`.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use super::set_stack_policy::policy_of;
use crate::Call;
use crate::cloudformation::changes::plan;
use crate::cloudformation::deploy::{Wanted, prepare};
use crate::cloudformation::engine::{Work, start};
use crate::cloudformation::request::{flag, required, text};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;
use crate::cloudformation::{CloudFormation, policy};

pub(super) async fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let (scope, input) = (&call.scope, &call.input);
    let stack = cfn.state.living(scope, required(input, "StackName")?)?;
    let token = text(input, "ClientRequestToken");
    if token.is_some() && stack.token.as_deref() == token && stack.status.is_busy() {
        return Ok(json!({ "StackId": stack.id }));
    }
    updatable(&stack)?;
    let wanted = Wanted {
        scope,
        name: &stack.name,
        id: &stack.id,
        previous: Some(&stack.current),
    };
    let prepared = prepare(cfn, wanted, input).await?;
    let plan = plan(cfn, &stack, &prepared).await?;
    if plan.is_empty() {
        return Err(invalid("No updates are to be performed."));
    }
    let during = policy_of(
        cfn,
        call,
        "StackPolicyDuringUpdateBody",
        "StackPolicyDuringUpdateURL",
    );
    let during = during.await?.or_else(|| stack.policy.clone());
    policy::enforce(during.as_deref(), &plan.resources)?;
    let new_policy = policy_of(cfn, call, "StackPolicyBody", "StackPolicyURL").await?;
    let key = stack.key();
    // Somebody else may have begun an operation while this one was looked at.
    let free = cfn.state.stacks.update(&key, |stack| {
        updatable(stack)?;
        stack.status = StackStatus::UpdateInProgress;
        stack.token = token.map(str::to_owned);
        stack.options.keep_failed_update = flag(input, "DisableRollback").unwrap_or_default();
        if new_policy.is_some() {
            stack.policy = new_policy;
        }
        Ok::<(), AwsError>(())
    });
    free.unwrap_or_else(|| Err(invalid(format!("Stack [{}] does not exist", stack.name))))?;
    cfn.begin_update(&key, prepared.deployment);
    start(cfn, key, Work::Update);
    Ok(json!({ "StackId": stack.id }))
}

/// Refuses stacks in states that cannot be updated.
pub(super) fn updatable(stack: &Stack) -> Result<(), AwsError> {
    if stack.status.can_update() {
        return Ok(());
    }
    Err(invalid(format!(
        "Stack:{} is in {} state and can not be updated.",
        stack.id,
        stack.status.text()
    )))
}
