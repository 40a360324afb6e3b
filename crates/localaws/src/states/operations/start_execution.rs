//! `StartExecution`: idempotent for the same name and input while the execution runs.

use std::sync::Arc;

use asl::Kind;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::execution::{Execution, Status};
use crate::states::input::Input;
use crate::states::{States, request};

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let execution = request::execution(states, input)?;
    let arn = Arc::clone(&execution.arn);
    let (kind, started, given) = (
        execution.kind,
        execution.started,
        Arc::clone(&execution.input),
    );
    if states.launch(execution)?.is_some() || kind == Kind::Express {
        return Ok(answer(&arn, started));
    }
    let existing = states.executions.get(&arn)?;
    if same(&existing, &given) {
        return Ok(answer(&arn, existing.started));
    }
    Err(AwsError::new(
        "ExecutionAlreadyExists",
        format!("Execution Already Exists: '{arn}'"),
    ))
}

fn same(existing: &Execution, input: &str) -> bool {
    existing.status == Status::Running && *existing.input == *input
}

fn answer(arn: &str, started: jiff::Timestamp) -> Value {
    json!({ "executionArn": arn, "startDate": started.to_string() })
}
