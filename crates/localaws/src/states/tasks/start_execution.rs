//! `states:startExecution`, and waiting for the execution (`.sync`, `.sync:2`).

use asl::Pattern;
use serde_json::{Value, json};

use crate::states::execution::{Execution, Status};
use crate::states::runner::Started;

use super::Task;
use super::api::Api;
use super::failure::Failure;

/// Starts the execution.
pub(super) async fn start(task: &Task) -> Result<String, Failure> {
    let api = Api::optimised("states", "startExecution")?;
    let answer = api.call(task, &task.asked.parameters).await?;
    Ok(answer.with_metadata(task, "application/x-amz-json-1.0", Some("connection")))
}

/// Waits for the end of the execution that was started. The result is its description.
pub(super) async fn wait(task: &Task, accepted: &str, pattern: Pattern) -> Result<String, Failure> {
    let accepted: Value = serde_json::from_str(accepted).unwrap_or_default();
    let arn = accepted
        .get("ExecutionArn")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let gone = || Failure::new("States.TaskFailed", format!("the execution {arn} is gone"));
    let ended = match task.states.runner.get(arn) {
        Some(child) => {
            let started = Started::Execution(arn.to_owned());
            task.states
                .waits_for(&task.running, task.asked.task, started);
            child.ended().await
        }
        None => task.states.executions.rows().get(arn),
    };
    let ended = ended.ok_or_else(gone)?;
    let description = describe(&ended, pattern == Pattern::Sync2);
    if ended.status == Status::Succeeded {
        Ok(description.to_string())
    } else {
        Err(Failure::new("States.TaskFailed", description.to_string()))
    }
}

/// `DescribeExecution` in the casing of Step Functions, members sorted. `.sync:2` parses input
/// and output.
fn describe(execution: &Execution, parsed: bool) -> Value {
    let text = |text: &str| match serde_json::from_str(text) {
        Ok(value) if parsed => value,
        _ => Value::from(text),
    };
    let mut out = serde_json::Map::new();
    let mut add = |member: &str, value: Value| out.insert(member.to_owned(), value);
    let included = json!({ "Included": true });
    if let Some(cause) = &execution.cause {
        add("Cause", (**cause).into());
    }
    if let Some(error) = &execution.error {
        add("Error", (**error).into());
    }
    add("ExecutionArn", (*execution.arn).into());
    add("Input", text(&execution.input));
    add("InputDetails", included.clone());
    add("Name", execution.name().into());
    if let Some(output) = &execution.output {
        add("Output", text(output));
        add("OutputDetails", included);
    }
    add("StartDate", execution.started.as_millisecond().into());
    add("StateMachineArn", (*execution.machine_arn).into());
    add("Status", execution.status.as_str().into());
    if let Some(stopped) = execution.stopped {
        add("StopDate", stopped.as_millisecond().into());
    }
    Value::Object(out)
}
