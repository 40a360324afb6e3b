//! The operations of the API, a file each.

mod cancel_update_stack;
mod continue_update_rollback;
mod create_change_set;
mod create_stack;
mod delete_change_set;
mod delete_stack;
mod describe_change_set;
mod describe_stack_drift_detection_status;
mod describe_stack_events;
mod describe_stack_resource;
mod describe_stack_resource_drifts;
mod describe_stack_resources;
mod describe_stacks;
mod describe_type;
mod detect_stack_drift;
mod detect_stack_resource_drift;
mod execute_change_set;
mod get_stack_policy;
mod get_template;
mod get_template_summary;
mod list_change_sets;
mod list_exports;
mod list_imports;
mod list_stack_resources;
mod list_stacks;
mod list_types;
mod set_stack_policy;
mod update_stack;
mod update_termination_protection;
mod validate_template;

use std::sync::Arc;

use awsapi::AwsError;
use serde_json::Value;

use super::CloudFormation;
use crate::Call;

/// Answers a call.
pub(super) async fn call(cfn: &Arc<CloudFormation>, call: &Call) -> Result<Value, AwsError> {
    match call.action.as_str() {
        "CancelUpdateStack" => cancel_update_stack::call(cfn, call),
        "ContinueUpdateRollback" => continue_update_rollback::call(cfn, call),
        "CreateChangeSet" => create_change_set::call(cfn, call).await,
        "CreateStack" => create_stack::call(cfn, call).await,
        "DeleteChangeSet" => delete_change_set::call(cfn, call),
        "DeleteStack" => delete_stack::call(cfn, call),
        "DescribeChangeSet" => describe_change_set::call(cfn, call),
        "DescribeStackDriftDetectionStatus" => {
            describe_stack_drift_detection_status::call(cfn, call)
        }
        "DescribeStackEvents" => describe_stack_events::call(cfn, call),
        "DescribeStackResource" => describe_stack_resource::call(cfn, call),
        "DescribeStackResourceDrifts" => describe_stack_resource_drifts::call(cfn, call),
        "DescribeStackResources" => describe_stack_resources::call(cfn, call),
        "DescribeStacks" => describe_stacks::call(cfn, call),
        "DescribeType" => describe_type::call(cfn, call),
        "DetectStackDrift" => detect_stack_drift::call(cfn, call),
        "DetectStackResourceDrift" => detect_stack_resource_drift::call(cfn, call).await,
        "ExecuteChangeSet" => execute_change_set::call(cfn, call),
        "GetStackPolicy" => get_stack_policy::call(cfn, call),
        "GetTemplate" => get_template::call(cfn, call),
        "GetTemplateSummary" => get_template_summary::call(cfn, call).await,
        "ListChangeSets" => list_change_sets::call(cfn, call),
        "ListExports" => list_exports::call(cfn, call),
        "ListImports" => list_imports::call(cfn, call),
        "ListStackResources" => list_stack_resources::call(cfn, call),
        "ListStacks" => list_stacks::call(cfn, call),
        "ListTypes" => list_types::call(call),
        "SetStackPolicy" => set_stack_policy::call(cfn, call).await,
        "UpdateStack" => update_stack::call(cfn, call).await,
        "UpdateTerminationProtection" => update_termination_protection::call(cfn, call),
        "ValidateTemplate" => validate_template::call(cfn, call).await,
        action => Err(AwsError::not_implemented("cloudformation", action)),
    }
}
