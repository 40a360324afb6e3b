//! `ExecuteChangeSet`.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_change_set::find;
use super::update_stack::updatable;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::change_set::Execution;
use crate::cloudformation::engine::{Work, start};
use crate::cloudformation::request::{flag, text};
use crate::cloudformation::stack::OnFailure;
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;

pub(super) fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let (set_key, set) = find(cfn, call)?;
    if set.execution != Execution::Available {
        let status = match set.failed {
            Some(_) => set.status(),
            None => set.execution.text(),
        };
        return Err(AwsError::new(
            "InvalidChangeSetStatus",
            format!(
                "ChangeSet [{}] cannot be executed in its current status of [{status}]",
                set.id
            ),
        ));
    }
    let stack = cfn.state.living(&call.scope, &set.stack_id)?;
    let key = stack.key();
    let token = text(&call.input, "ClientRequestToken").map(str::to_owned);
    let keep = flag(&call.input, "DisableRollback").unwrap_or_default();
    let now = cfn.aws.clock().now();
    let free = cfn.state.stacks.update(&key, |stack| {
        if set.creates {
            if stack.status != StackStatus::ReviewInProgress {
                return Err(invalid(format!(
                    "Stack:{} is in {} state and can not be created.",
                    stack.id,
                    stack.status.text()
                )));
            }
            stack.status = StackStatus::CreateInProgress;
            stack.current = set.deployment.clone();
            stack.options.on_failure = match (set.on_failure, keep) {
                (Some(chosen), _) => chosen,
                (None, true) => OnFailure::DoNothing,
                (None, false) => OnFailure::Rollback,
            };
            stack.updated = Some(now);
        } else {
            updatable(stack)?;
            stack.status = StackStatus::UpdateInProgress;
            stack.options.keep_failed_update = keep || set.on_failure == Some(OnFailure::DoNothing);
        }
        stack.options.retain_except_on_create =
            flag(&call.input, "RetainExceptOnCreate").unwrap_or_default();
        stack.token = token;
        stack.change_set = Some(set.id.clone());
        Ok(())
    });
    free.unwrap_or_else(|| {
        Err(invalid(format!(
            "Stack [{}] does not exist",
            set.stack_name
        )))
    })?;
    // All other change sets looked at a stack that will no longer be.
    for (other, _) in cfn.state.change_sets.scan(&format!("{key}/")) {
        if other != set_key {
            cfn.state.change_sets.remove(&other);
        }
    }
    cfn.state
        .change_sets
        .update(&set_key, |set| set.execution = Execution::InProgress);
    if set.creates {
        cfn.set_stack_status(&key, StackStatus::CreateInProgress, Some("User Initiated"));
        start(cfn, key, Work::Create);
    } else {
        cfn.begin_update(&key, set.deployment);
        start(cfn, key, Work::Update);
    }
    Ok(json!({}))
}
