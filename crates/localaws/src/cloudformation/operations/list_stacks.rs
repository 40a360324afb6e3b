//! `ListStacks`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::request::texts;
use crate::cloudformation::stack::Stack;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let wanted = texts(&call.input, "StackStatusFilter");
    let mut stacks = cfn.state.all(&call.scope);
    stacks.retain(|stack| {
        wanted.is_empty() || wanted.iter().any(|status| status == stack.status.text())
    });
    stacks.sort_by_key(|stack| std::cmp::Reverse(stack.created));
    let summaries = stacks.iter().map(summary).collect();
    page(&call.input, "StackSummaries", summaries, 100)
}

fn summary(stack: &Stack) -> Value {
    let mut drift = json!({"StackDriftStatus": stack.drift_text()});
    if let (Some(found), Value::Object(drift)) = (&stack.drift, &mut drift) {
        drift.insert(
            "LastCheckTimestamp".to_owned(),
            json!(found.checked.to_string()),
        );
    }
    let mut summary = json!({
        "StackId": stack.id,
        "StackName": stack.name,
        "CreationTime": stack.created.to_string(),
        "StackStatus": stack.status.text(),
        "DriftInformation": drift,
    });
    if let Value::Object(members) = &mut summary {
        let description = stack.current.description.as_deref();
        optional(members, "TemplateDescription", description);
        optional(members, "StackStatusReason", stack.reason.as_deref());
        optional(members, "ParentId", stack.parent.as_deref());
        optional(members, "RootId", stack.root.as_deref());
        let updated = stack.updated.map(|at| at.to_string());
        optional(members, "LastUpdatedTime", updated.as_deref());
        let deleted = stack.deleted.map(|at| at.to_string());
        optional(members, "DeletionTime", deleted.as_deref());
    }
    summary
}
