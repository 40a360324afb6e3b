//! `DetectStackResourceDrift`: checks one resource at once.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stack_resource_drifts::shown;
use super::detect_stack_drift::detectable;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::drift::{detect_resource, is_checked};
use crate::cloudformation::request::required;
use crate::cloudformation::state::invalid;

pub(super) async fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let logical = required(&call.input, "LogicalResourceId")?;
    let stack = cfn.state.living(&call.scope, name)?;
    detectable(&stack)?;
    let key = format!("{}/{logical}", stack.key());
    let row = cfn.state.resources.get(&key).ok_or_else(|| {
        invalid(format!(
            "Resource {logical} does not exist for stack {}",
            stack.name
        ))
    })?;
    if !is_checked(cfn, &row) {
        return Err(invalid(format!(
            "Drift detection is not supported for resource type {}",
            row.live.kind
        )));
    }
    let drift = detect_resource(cfn, &stack, &row).await.map_err(invalid)?;
    Ok(json!({ "StackResourceDrift": shown(&drift) }))
}
