//! `ListStackResources`.

use awsapi::AwsError;
use serde_json::Value;

use super::describe_stack_resources::shown;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::request::required;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.stack(&call.scope, name)?;
    let rows = cfn.state.resources_of(&stack.key());
    let summaries = rows.iter().map(|row| {
        let mut summary = shown(&stack, row, "LastUpdatedTimestamp");
        if let Value::Object(summary) = &mut summary {
            // A summary does not repeat its stack.
            summary.retain(|name, _| name != "StackName" && name != "StackId");
        }
        summary
    });
    page(
        &call.input,
        "StackResourceSummaries",
        summaries.collect(),
        100,
    )
}
