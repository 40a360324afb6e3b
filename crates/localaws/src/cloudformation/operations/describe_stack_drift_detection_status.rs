//! `DescribeStackDriftDetectionStatus`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::drift::DetectionState;
use crate::cloudformation::request::required;
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let id = required(&call.input, "StackDriftDetectionId")?;
    let found = cfn.state.detections.get(&call.scope.key(id));
    let detection =
        found.ok_or_else(|| invalid(format!("StackDriftDetectionId [{id}] does not exist")))?;
    let mut answer = json!({
        "StackId": detection.stack_id,
        "StackDriftDetectionId": detection.id,
        "DetectionStatus": detection.state.text(),
        "Timestamp": detection.began.to_string(),
    });
    if let Value::Object(members) = &mut answer {
        optional(
            members,
            "DetectionStatusReason",
            detection.reason.as_deref(),
        );
        let status = detection.is_drifted.map(|drifted| match drifted {
            true => "DRIFTED",
            false => "IN_SYNC",
        });
        optional(members, "StackDriftStatus", status);
        if detection.state != DetectionState::InProgress {
            members.insert(
                "DriftedStackResourceCount".to_owned(),
                json!(detection.drifted),
            );
        }
    }
    Ok(answer)
}
