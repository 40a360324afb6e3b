//! `CreateChangeSet`.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use super::update_stack::updatable;
use crate::Call;
use crate::cloudformation::change_set::{ChangeSet, Execution};
use crate::cloudformation::changes::plan;
use crate::cloudformation::deploy::{Wanted, prepare};
use crate::cloudformation::request::{choice, flag, new_name, required, text};
use crate::cloudformation::secret::{masked, secrets};
use crate::cloudformation::stack::{Deployment, OnFailure, Options, Stack};
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::StackStatus;
use crate::cloudformation::{CloudFormation, policy};

const NOTHING: &str = "The submitted information didn't contain changes. Submit different information to create a change set.";

pub(super) async fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let (scope, input) = (&call.scope, &call.input);
    let stack_name = required(input, "StackName")?;
    let name = new_name(input, "ChangeSetName")?;
    let kind = choice(input, "ChangeSetType", &["CREATE", "UPDATE", "IMPORT"])?;
    refuse(input, kind)?;
    let creates = kind == Some("CREATE");
    let found = cfn.state.find(scope, stack_name);
    let found = found.filter(|stack| stack.status != StackStatus::DeleteComplete);
    let (stack, is_new) = match found {
        Some(stack) if creates && stack.status != StackStatus::ReviewInProgress => {
            return Err(invalid(format!(
                "Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}]."
            )));
        }
        Some(stack) => {
            if !creates {
                updatable(&stack)?;
            }
            (stack, false)
        }
        None if creates => {
            let stack_name = new_name(input, "StackName")?;
            let id = cfn.new_stack_id(scope, stack_name);
            let none = Deployment::default();
            let mut stack = cfn.new_stack(scope, stack_name, &id, none, Options::default());
            stack.status = StackStatus::ReviewInProgress;
            (stack, true)
        }
        None => return Err(invalid(format!("Stack [{stack_name}] does not exist"))),
    };
    let key = format!("{}/{name}", stack.key());
    let token = text(input, "ClientToken").map(str::to_owned);
    if let Some(set) = cfn.state.change_sets.get(&key) {
        if token.is_some() && set.token == token {
            return Ok(json!({"Id": set.id, "StackId": set.stack_id}));
        }
        return Err(AwsError::new(
            "AlreadyExistsException",
            format!("ChangeSet {name} already exists"),
        ));
    }
    let set = change_set(cfn, call, &stack, name, creates).await?;
    if is_new {
        let key = stack.key();
        cfn.state.stacks.put(&key, stack);
        cfn.set_stack_status(&key, StackStatus::ReviewInProgress, Some("User Initiated"));
    }
    let answer = json!({"Id": set.id, "StackId": set.stack_id});
    cfn.state.change_sets.put(&key, set);
    Ok(answer)
}

/// Refuses kinds of change sets that are not built.
fn refuse(input: &Value, kind: Option<&str>) -> Result<(), AwsError> {
    let asked = |name: &str| flag(input, name).unwrap_or_default();
    let list = input.get("ResourcesToImport").and_then(Value::as_array);
    let imports = list.is_some_and(|list| !list.is_empty());
    if kind == Some("IMPORT") || imports || asked("ImportExistingResources") {
        return Err(invalid(
            "Importing resources is not supported by this endpoint",
        ));
    }
    if let Some(mode) = text(input, "DeploymentMode") {
        return Err(invalid(format!(
            "Change sets with DeploymentMode {mode} are not supported by this endpoint"
        )));
    }
    if asked("IncludeNestedStacks") {
        return Err(invalid(
            "IncludeNestedStacks is not supported by this endpoint: nested stacks appear as resources of their parent",
        ));
    }
    Ok(())
}

async fn change_set(
    cfn: &CloudFormation,
    call: &Call,
    stack: &Stack,
    name: &str,
    creates: bool,
) -> Result<ChangeSet, AwsError> {
    let (scope, input) = (&call.scope, &call.input);
    let wanted = Wanted {
        scope,
        name: &stack.name,
        id: &stack.id,
        previous: (!creates).then_some(&stack.current),
    };
    let prepared = prepare(cfn, wanted, input).await?;
    let plan = plan(cfn, stack, &prepared).await?;
    policy::enforce(stack.policy.as_deref(), &plan.resources)?;
    let failed = plan.is_empty().then(|| NOTHING.to_owned());
    let hidden = secrets(&prepared.deployment);
    let mut changes = plan.resources;
    for change in &mut changes {
        change.before = change.before.as_ref().map(|value| masked(value, &hidden));
        change.after = change.after.as_ref().map(|value| masked(value, &hidden));
        for detail in &mut change.details {
            *detail = masked(detail, &hidden);
        }
    }
    let choices = ["DO_NOTHING", "ROLLBACK", "DELETE"];
    let uuid = cfn.aws.ids().uuid();
    Ok(ChangeSet {
        name: name.to_owned(),
        id: scope.arn("cloudformation", &format!("changeSet/{name}/{uuid}")),
        stack_id: stack.id.clone(),
        stack_name: stack.name.clone(),
        description: text(input, "Description").map(str::to_owned),
        created: cfn.aws.clock().now(),
        creates,
        execution: match failed {
            Some(_) => Execution::Unavailable,
            None => Execution::Available,
        },
        failed,
        changes,
        deployment: prepared.deployment,
        on_failure: choice(input, "OnStackFailure", &choices)?.map(|chosen| match chosen {
            "DO_NOTHING" => OnFailure::DoNothing,
            "DELETE" => OnFailure::Delete,
            _ => OnFailure::Rollback,
        }),
        token: text(input, "ClientToken").map(str::to_owned),
    })
}
