//! `ListChangeSets`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::request::required;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    let sets = cfn.state.change_sets.scan(&format!("{}/", stack.key()));
    let summaries = sets.into_iter().map(|(_, set)| {
        let mut summary = json!({
            "StackId": set.stack_id,
            "StackName": set.stack_name,
            "ChangeSetId": set.id,
            "ChangeSetName": set.name,
            "ExecutionStatus": set.execution.text(),
            "Status": set.status(),
            "CreationTime": set.created.to_string(),
            "IncludeNestedStacks": false,
            "ImportExistingResources": false,
        });
        if let Value::Object(summary) = &mut summary {
            optional(summary, "Description", set.description.as_deref());
            optional(summary, "StatusReason", set.failed.as_deref());
        }
        summary
    });
    page(&call.input, "Summaries", summaries.collect(), 100)
}
