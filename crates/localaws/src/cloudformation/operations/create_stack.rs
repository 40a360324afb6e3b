//! `CreateStack`.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use super::set_stack_policy::policy_of;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::deploy::{Wanted, prepare};
use crate::cloudformation::engine::{Work, start};
use crate::cloudformation::request::{choice, flag, new_name, text};
use crate::cloudformation::stack::{OnFailure, Options};
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;

pub(super) async fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let (scope, input) = (&call.scope, &call.input);
    let name = new_name(input, "StackName")?;
    let token = text(input, "ClientRequestToken");
    if let Some(stack) = cfn.state.find(scope, name) {
        if token.is_some() && stack.token.as_deref() == token {
            return Ok(json!({ "StackId": stack.id }));
        }
        return Err(AwsError::new(
            "AlreadyExistsException",
            format!("Stack [{name}] already exists"),
        ));
    }
    let options = Options {
        on_failure: on_failure(input)?,
        timeout_minutes: input.get("TimeoutInMinutes").and_then(Value::as_i64),
        termination_protection: flag(input, "EnableTerminationProtection").unwrap_or_default(),
        retain_except_on_create: flag(input, "RetainExceptOnCreate").unwrap_or_default(),
        ..Options::default()
    };
    let id = cfn.new_stack_id(scope, name);
    let wanted = Wanted {
        scope,
        name,
        id: &id,
        previous: None,
    };
    let prepared = prepare(cfn, wanted, input).await?;
    let mut stack = cfn.new_stack(scope, name, &id, prepared.deployment, options);
    stack.policy = policy_of(cfn, call, "StackPolicyBody", "StackPolicyURL").await?;
    stack.token = token.map(str::to_owned);
    let key = stack.key();
    // Two calls may have come here for the same name while templates were read.
    if cfn.state.find(scope, name).is_some() {
        return Err(AwsError::new(
            "AlreadyExistsException",
            format!("Stack [{name}] already exists"),
        ));
    }
    cfn.state.stacks.put(&key, stack);
    cfn.set_stack_status(&key, StackStatus::CreateInProgress, Some("User Initiated"));
    start(cfn, key, Work::Create);
    Ok(json!({ "StackId": id }))
}

fn on_failure(input: &Value) -> Result<OnFailure, AwsError> {
    let choices = ["DO_NOTHING", "ROLLBACK", "DELETE"];
    let chosen = choice(input, "OnFailure", &choices)?;
    let disabled = flag(input, "DisableRollback");
    match (chosen, disabled) {
        (Some(_), Some(_)) => Err(invalid(
            "Only one of OnFailure and DisableRollback can be specified.",
        )),
        (Some("DO_NOTHING"), _) | (_, Some(true)) => Ok(OnFailure::DoNothing),
        (Some("DELETE"), _) => Ok(OnFailure::Delete),
        _ => Ok(OnFailure::Rollback),
    }
}
