//! `DescribeStackResource`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stack_resources::shown;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::required;
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let logical = required(&call.input, "LogicalResourceId")?;
    let stack = cfn
        .state
        .find(&call.scope, name)
        .ok_or_else(|| invalid(format!("Stack '{name}' does not exist")))?;
    let key = format!("{}/{logical}", stack.key());
    let row = cfn.state.resources.get(&key).ok_or_else(|| {
        invalid(format!(
            "Resource {logical} does not exist for stack {}",
            stack.name
        ))
    })?;
    let mut detail = shown(&stack, &row, "LastUpdatedTimestamp");
    if let (Some(metadata), Value::Object(detail)) = (&row.live.metadata, &mut detail) {
        detail.insert("Metadata".to_owned(), json!(metadata.to_string()));
    }
    Ok(json!({ "StackResourceDetail": detail }))
}
