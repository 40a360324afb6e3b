//! `StartSyncExecution`: runs an express execution and answers with its result.

use std::sync::Arc;

use asl::Kind;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::execution::{Execution, Status};
use crate::states::input::Input;
use crate::states::{States, errors, request};

/// Express executions are billed by steps of 100 ms and 64 MB.
const BILLED_MILLISECONDS: i64 = 100;
const BILLED_MEGABYTES: i64 = 64;

pub(super) async fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let data = input.one_of("includedData", &["METADATA_ONLY", "ALL_DATA"])?;
    let target = states
        .machines
        .resolve(input.required("stateMachineArn")?, 0)?;
    if target.machine.kind != Kind::Express {
        return Err(errors::type_not_supported());
    }
    let execution = request::execution(states, input)?;
    let arn = Arc::clone(&execution.arn);
    let running = states.launch(execution)?;
    let running = running.ok_or_else(|| errors::no_such_execution(&arn))?;
    let ended = running.ended().await;
    let ended = ended.ok_or_else(|| AwsError::internal("the execution was lost"))?;
    Ok(answer(&ended, data != Some("METADATA_ONLY")))
}

fn answer(execution: &Execution, with_data: bool) -> Value {
    let mut out = execution.describe(with_data);
    if let Some(members) = out.as_object_mut() {
        members.shift_remove("redriveCount");
    }
    out["outputDetails"] = json!({ "included": with_data });
    if execution.status == Status::Aborted {
        out["status"] = Status::Failed.as_str().into();
    }
    let stopped = execution.stopped.unwrap_or(execution.started);
    let lasted = stopped.as_millisecond() - execution.started.as_millisecond();
    let steps = (lasted + BILLED_MILLISECONDS - 1)
        .div_euclid(BILLED_MILLISECONDS)
        .max(1);
    out["billingDetails"] = json!({
        "billedDurationInMilliseconds": steps * BILLED_MILLISECONDS,
        "billedMemoryUsedInMB": BILLED_MEGABYTES,
    });
    out
}
