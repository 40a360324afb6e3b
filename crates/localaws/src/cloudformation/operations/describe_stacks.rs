//! `DescribeStacks`.

use awsapi::AwsError;
use serde_json::{Map, Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::request::text;
use crate::cloudformation::stack::{Deployment, OnFailure, Stack};
use crate::cloudformation::status::StackStatus;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let stacks = match text(&call.input, "StackName") {
        Some(name) => vec![cfn.state.stack(&call.scope, name)?],
        None => {
            let mut all = cfn.state.all(&call.scope);
            all.retain(|stack| stack.status != StackStatus::DeleteComplete);
            all.sort_by_key(|stack| std::cmp::Reverse(stack.created));
            all
        }
    };
    page(
        &call.input,
        "Stacks",
        stacks.iter().map(shown).collect(),
        100,
    )
}

fn shown(stack: &Stack) -> Value {
    let mut drift = json!({"StackDriftStatus": stack.drift_text()});
    if let (Some(found), Value::Object(drift)) = (&stack.drift, &mut drift) {
        drift.insert(
            "LastCheckTimestamp".to_owned(),
            json!(found.checked.to_string()),
        );
    }
    let mut shown = json!({
        "StackId": stack.id,
        "StackName": stack.name,
        "CreationTime": stack.created.to_string(),
        "RollbackConfiguration": {},
        "StackStatus": stack.status.text(),
        "DisableRollback": stack.options.on_failure == OnFailure::DoNothing,
        "NotificationARNs": stack.current.notification_arns,
        "Capabilities": stack.current.capabilities,
        "Parameters": parameters(&stack.current),
        "Tags": tags(&stack.current.tags),
        "EnableTerminationProtection": stack.options.termination_protection,
        "DriftInformation": drift,
    });
    let Value::Object(members) = &mut shown else {
        return shown;
    };
    let outputs: Vec<Value> = stack
        .outputs
        .iter()
        .map(|output| {
            let mut shown = Map::new();
            optional(&mut shown, "OutputKey", Some(&output.key));
            optional(&mut shown, "OutputValue", Some(&output.value));
            optional(&mut shown, "Description", output.description.as_deref());
            optional(&mut shown, "ExportName", output.export.as_deref());
            Value::Object(shown)
        })
        .collect();
    if !outputs.is_empty() {
        members.insert("Outputs".to_owned(), Value::Array(outputs));
    }
    if let Some(minutes) = stack.options.timeout_minutes {
        members.insert("TimeoutInMinutes".to_owned(), json!(minutes));
    }
    optional(members, "Description", stack.current.description.as_deref());
    optional(members, "ChangeSetId", stack.change_set.as_deref());
    optional(members, "StackStatusReason", stack.reason.as_deref());
    optional(members, "RoleARN", stack.current.role.as_deref());
    optional(members, "ParentId", stack.parent.as_deref());
    optional(members, "RootId", stack.root.as_deref());
    let updated = stack.updated.map(|at| at.to_string());
    optional(members, "LastUpdatedTime", updated.as_deref());
    let deleted = stack.deleted.map(|at| at.to_string());
    optional(members, "DeletionTime", deleted.as_deref());
    shown
}

/// Adds a member that may be absent.
pub(super) fn optional(members: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), Value::from(value));
    }
}

/// Parameters as the API shows them.
pub(super) fn parameters(deployment: &Deployment) -> Vec<Value> {
    let parameters = deployment.parameters.iter();
    parameters
        .map(|(key, parameter)| {
            let mut shown = json!({"ParameterKey": key, "ParameterValue": parameter.shown()});
            if let (Some(resolved), Value::Object(shown)) = (&parameter.resolved, &mut shown) {
                shown.insert("ResolvedValue".to_owned(), json!(resolved));
            }
            shown
        })
        .collect()
}

/// Tags as the API shows them.
pub(super) fn tags(tags: &[(String, String)]) -> Vec<Value> {
    let tags = tags.iter();
    tags.map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect()
}
