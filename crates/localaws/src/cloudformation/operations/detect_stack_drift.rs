//! `DetectStackDrift`: begins a detection.

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::drift::{Detection, DetectionState, detect};
use crate::cloudformation::request::{required, texts};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    detectable(&stack)?;
    let only = texts(&call.input, "LogicalResourceIds");
    for logical in &only {
        if !cfn
            .state
            .resources
            .contains(&format!("{}/{logical}", stack.key()))
        {
            return Err(invalid(format!(
                "Resource {logical} does not exist for stack {}",
                stack.name
            )));
        }
    }
    let id = cfn.aws.ids().uuid();
    let free = cfn.state.stacks.update(&stack.key(), |stack| {
        let free = stack.detecting.is_none();
        stack.detecting.get_or_insert_with(|| id.clone());
        free
    });
    if free == Some(false) {
        return Err(invalid(format!(
            "Drift detection is already in progress for stack [{}]",
            stack.id
        )));
    }
    let key = call.scope.key(&id);
    let detection = Detection {
        id: id.clone(),
        stack_id: stack.id.clone(),
        stack_key: stack.key(),
        state: DetectionState::InProgress,
        reason: None,
        drifted: 0,
        is_drifted: None,
        began: cfn.aws.clock().now(),
        only,
    };
    cfn.state.detections.put(&key, detection);
    let job = Arc::clone(cfn);
    cfn.aws.spawn(async move { detect(&job, &key).await });
    Ok(json!({ "StackDriftDetectionId": id }))
}

/// Refuses stacks in states in which nothing can be compared.
pub(super) fn detectable(stack: &Stack) -> Result<(), AwsError> {
    if stack.status.can_detect_drift() {
        return Ok(());
    }
    Err(invalid(format!(
        "Drift detection is not supported for stack [{}] in status {}",
        stack.id,
        stack.status.text()
    )))
}
