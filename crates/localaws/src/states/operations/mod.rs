//! The operations of the API, a file each: read the input, do it, answer.

mod create_activity;
mod create_state_machine;
mod create_state_machine_alias;
mod delete_activity;
mod delete_state_machine;
mod delete_state_machine_alias;
mod delete_state_machine_version;
mod describe_activity;
mod describe_execution;
mod describe_map_run;
mod describe_state_machine;
mod describe_state_machine_alias;
mod describe_state_machine_for_execution;
mod get_activity_task;
mod get_execution_history;
mod list_activities;
mod list_executions;
mod list_map_runs;
mod list_state_machine_aliases;
mod list_state_machine_versions;
mod list_state_machines;
mod list_tags_for_resource;
mod publish_state_machine_version;
mod redrive_execution;
mod send_task_failure;
mod send_task_heartbeat;
mod send_task_success;
mod start_execution;
mod start_sync_execution;
mod stop_execution;
mod tag_resource;
mod test_state;
mod untag_resource;
mod update_map_run;
mod update_state_machine;
mod update_state_machine_alias;
mod validate_state_machine_definition;

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::{AwsError, Call};

use super::States;
use super::input::Input;

/// Answers a call in the bytes that are sent, where they are at hand.
pub(super) fn written(states: &States, call: &Call) -> Option<Result<Bytes, AwsError>> {
    match call.action.as_str() {
        "GetExecutionHistory" => Some(get_execution_history::written(states, Input(&call.input))),
        _ => None,
    }
}

/// Answers a call.
pub(super) async fn run(states: &Arc<States>, call: &Call) -> Result<Value, AwsError> {
    let (scope, input) = (&call.scope, Input(&call.input));
    match call.action.as_str() {
        "CreateActivity" => create_activity::run(states, scope, input),
        "CreateStateMachine" => create_state_machine::run(states, scope, input).await,
        "CreateStateMachineAlias" => create_state_machine_alias::run(states, input),
        "DeleteActivity" => delete_activity::run(states, input),
        "DeleteStateMachine" => delete_state_machine::run(states, input),
        "DeleteStateMachineAlias" => delete_state_machine_alias::run(states, input),
        "DeleteStateMachineVersion" => delete_state_machine_version::run(states, input),
        "DescribeActivity" => describe_activity::run(states, input),
        "DescribeExecution" => describe_execution::run(states, input),
        "DescribeMapRun" => describe_map_run::run(states, input),
        "DescribeStateMachine" => describe_state_machine::run(states, input),
        "DescribeStateMachineAlias" => describe_state_machine_alias::run(states, input),
        "DescribeStateMachineForExecution" => {
            describe_state_machine_for_execution::run(states, input)
        }
        "GetActivityTask" => get_activity_task::run(states, input).await,
        "GetExecutionHistory" => get_execution_history::run(states, input),
        "ListActivities" => list_activities::run(states, scope, input),
        "ListExecutions" => list_executions::run(states, input),
        "ListMapRuns" => list_map_runs::run(states, input),
        "ListStateMachineAliases" => list_state_machine_aliases::run(states, input),
        "ListStateMachineVersions" => list_state_machine_versions::run(states, input),
        "ListStateMachines" => list_state_machines::run(states, scope, input),
        "ListTagsForResource" => list_tags_for_resource::run(states, input),
        "PublishStateMachineVersion" => publish_state_machine_version::run(states, input),
        "RedriveExecution" => redrive_execution::run(states, input),
        "SendTaskFailure" => send_task_failure::run(states, input),
        "SendTaskHeartbeat" => send_task_heartbeat::run(states, input),
        "SendTaskSuccess" => send_task_success::run(states, input),
        "StartExecution" => start_execution::run(states, input),
        "StartSyncExecution" => start_sync_execution::run(states, input).await,
        "StopExecution" => stop_execution::run(states, input),
        "TagResource" => tag_resource::run(states, input),
        "TestState" => test_state::run(states, scope, input).await,
        "UntagResource" => untag_resource::run(states, input),
        "UpdateMapRun" => update_map_run::run(states, input),
        "UpdateStateMachine" => update_state_machine::run(states, input).await,
        "UpdateStateMachineAlias" => update_state_machine_alias::run(states, input),
        "ValidateStateMachineDefinition" => validate_state_machine_definition::run(input),
        other => Err(AwsError::not_implemented("stepfunctions", other)),
    }
}
