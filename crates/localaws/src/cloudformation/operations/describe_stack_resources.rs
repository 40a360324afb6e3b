//! `DescribeStackResources`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::text;
use crate::cloudformation::stack::{Stack, StackResource};
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::{ResourceDriftStatus, ResourceStatus};

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let input = &call.input;
    let stack = match (text(input, "StackName"), text(input, "PhysicalResourceId")) {
        (Some(_), Some(_)) => {
            return Err(invalid(
                "You cannot specify both StackName and PhysicalResourceId",
            ));
        }
        (Some(name), None) => cfn.state.stack(&call.scope, name)?,
        (None, Some(physical)) => owner(cfn, call, physical)?,
        (None, None) => {
            return Err(invalid(
                "Either StackName or PhysicalResourceId must be specified",
            ));
        }
    };
    let wanted = text(input, "LogicalResourceId");
    let rows = cfn.state.resources_of(&stack.key());
    let rows = rows
        .iter()
        .filter(|row| wanted.is_none_or(|name| name == row.logical))
        .take(100);
    let resources: Vec<Value> = rows.map(|row| shown(&stack, row, "Timestamp")).collect();
    if let (Some(name), true) = (wanted, resources.is_empty()) {
        return Err(invalid(format!(
            "Resource {name} does not exist for stack {}",
            stack.name
        )));
    }
    Ok(json!({ "StackResources": resources }))
}

/// The stack that a physical id belongs to.
fn owner(cfn: &CloudFormation, call: &Call, physical: &str) -> Result<Stack, AwsError> {
    let mut stacks = cfn.state.all(&call.scope).into_iter();
    let owns = |stack: &Stack| {
        let rows = cfn.state.resources_of(&stack.key());
        rows.iter().any(|row| {
            row.status != ResourceStatus::DeleteComplete
                && row.live.physical.as_deref() == Some(physical)
        })
    };
    stacks
        .find(owns)
        .ok_or_else(|| invalid(format!("Stack for {physical} does not exist")))
}

/// A resource as the API shows it; the name of the time differs between operations.
pub(super) fn shown(stack: &Stack, row: &StackResource, time: &str) -> Value {
    let mut shown = json!({
        "StackName": stack.name,
        "StackId": stack.id,
        "LogicalResourceId": row.logical,
        "ResourceType": row.live.kind,
        "ResourceStatus": row.status.text(),
        "DriftInformation": drift(row),
    });
    if let Value::Object(members) = &mut shown {
        members.insert(time.to_owned(), json!(row.updated.to_string()));
        optional(members, "PhysicalResourceId", row.live.physical.as_deref());
        optional(members, "ResourceStatusReason", row.reason.as_deref());
    }
    shown
}

fn drift(row: &StackResource) -> Value {
    match &row.drift {
        None => json!({"StackResourceDriftStatus": ResourceDriftStatus::NotChecked.text()}),
        Some((status, at)) => json!({
            "StackResourceDriftStatus": status.text(),
            "LastCheckTimestamp": at.to_string(),
        }),
    }
}
