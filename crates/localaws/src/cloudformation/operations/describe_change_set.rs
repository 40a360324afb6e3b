//! `DescribeChangeSet`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stacks::{optional, parameters, tags};
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::change_set::ChangeSet;
use crate::cloudformation::changes::ResourceChange;
use crate::cloudformation::page::page;
use crate::cloudformation::request::{flag, required, text};
use crate::cloudformation::state::invalid;

/// Members of a change's target that only show with `IncludePropertyValues`.
const VALUES: [&str; 4] = ["BeforeValue", "AfterValue", "Path", "AttributeChangeType"];

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let (_, set) = find(cfn, call)?;
    let with_values = flag(&call.input, "IncludePropertyValues").unwrap_or_default();
    let changes = set.changes.iter().map(|change| shown(change, with_values));
    let mut answer = page(&call.input, "Changes", changes.collect(), 100)?;
    let own = json!({
        "ChangeSetName": set.name,
        "ChangeSetId": set.id,
        "StackId": set.stack_id,
        "StackName": set.stack_name,
        "CreationTime": set.created.to_string(),
        "ExecutionStatus": set.execution.text(),
        "Status": set.status(),
        "Parameters": parameters(&set.deployment),
        "NotificationARNs": set.deployment.notification_arns,
        "RollbackConfiguration": {},
        "Capabilities": set.deployment.capabilities,
        "Tags": tags(&set.deployment.tags),
        "IncludeNestedStacks": false,
    });
    if let (Value::Object(answer), Value::Object(own)) = (&mut answer, own) {
        answer.extend(own);
        optional(answer, "Description", set.description.as_deref());
        optional(answer, "StatusReason", set.failed.as_deref());
    }
    Ok(answer)
}

/// The change set that a call names, by its ARN or by its name and its stack's.
pub(super) fn find(cfn: &CloudFormation, call: &Call) -> Result<(String, ChangeSet), AwsError> {
    let name = required(&call.input, "ChangeSetName")?;
    let missing = || {
        AwsError::new(
            "ChangeSetNotFound",
            format!("ChangeSet [{name}] does not exist"),
        )
        .with_status(404)
    };
    if name.starts_with("arn:") {
        let sets = cfn.state.change_sets.scan(&call.scope.prefix());
        let mut sets = sets.into_iter();
        return sets.find(|(_, set)| set.id == name).ok_or_else(missing);
    }
    let Some(stack) = text(&call.input, "StackName") else {
        return Err(invalid(
            "StackName must be specified if ChangeSetName is not specified as an ARN.",
        ));
    };
    let found = cfn.state.find(&call.scope, stack);
    let stack = found.ok_or_else(|| {
        // AWS tells of the stack here, with the change set's error.
        AwsError::new(
            "ChangeSetNotFound",
            format!("Stack [{stack}] does not exist"),
        )
        .with_status(404)
    })?;
    let key = format!("{}/{name}", stack.key());
    let set = cfn.state.change_sets.get(&key).ok_or_else(missing)?;
    Ok((key, set))
}

fn shown(change: &ResourceChange, with_values: bool) -> Value {
    let mut details = change.details.clone();
    if !with_values {
        for detail in &mut details {
            if let Some(Value::Object(target)) = detail.get_mut("Target") {
                target.retain(|name, _| !VALUES.contains(&name.as_str()));
            }
        }
    }
    let mut shown = json!({
        "Action": change.action,
        "LogicalResourceId": change.logical,
        "ResourceType": change.kind,
        "Scope": change.scope,
        "Details": details,
    });
    if let Value::Object(shown) = &mut shown {
        optional(shown, "PhysicalResourceId", change.physical.as_deref());
        optional(shown, "Replacement", change.replacement.as_deref());
        optional(shown, "PolicyAction", change.policy_action.as_deref());
        if with_values {
            let before = change.before.as_ref().map(Value::to_string);
            let after = change.after.as_ref().map(Value::to_string);
            optional(shown, "BeforeContext", before.as_deref());
            optional(shown, "AfterContext", after.as_deref());
        }
    }
    json!({"Type": "Resource", "ResourceChange": shown})
}
