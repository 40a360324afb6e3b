//! `states:startExecution`, and waiting for the execution (`.sync`, `.sync:2`).

use asl::Pattern;
use serde_json::{Value, json};

use crate::states::execution::{Execution, Status};

use super::Task;
use super::failure::Failure;
use super::optimised::Service;

const STATES: Service = Service {
    name: "stepfunctions",
    prefix: "StepFunctions",
    client: "AWSStepFunctions",
    base: "AWSStepFunctionsException",
};

/// Starts the execution.
pub(super) async fn start(task: &Task) -> Result<String, Failure> {
    let given = &task.asked.parameters;
    let mut input = json!({});
    for (member, name) in [("StateMachineArn", "stateMachineArn"), ("Name", "name")] {
        if let Some(value) = given.get(member) {
            input[name] = value.clone();
        }
    }
    match given.get("Input") {
        Some(Value::String(text)) => input["input"] = text.as_str().into(),
        Some(value) => input["input"] = value.to_string().into(),
        None => {}
    }
    let answer = task
        .send(
            "stepfunctions",
            "StartExecution",
            input,
            bytes::Bytes::new(),
        )
        .await;
    let reply = answer
        .result
        .map_err(|error| STATES.failure(&error, &answer.request_id))?;
    let result = json!({
        "ExecutionArn": reply.output.get("executionArn"),
        "StartDate": milliseconds(reply.output.get("startDate")),
    });
    Ok(STATES
        .complete(task, &answer.request_id, result)
        .to_string())
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
            task.states.waits_for(&task.running, task.asked.task, arn);
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
        add("Cause", cause.as_str().into());
    }
    if let Some(error) = &execution.error {
        add("Error", error.as_str().into());
    }
    add("ExecutionArn", execution.arn.as_str().into());
    add("Input", text(&execution.input));
    add("InputDetails", included.clone());
    add("Name", execution.name.as_str().into());
    if let Some(output) = &execution.output {
        add("Output", text(output));
        add("OutputDetails", included);
    }
    add("StartDate", execution.started.as_millisecond().into());
    add("StateMachineArn", execution.machine_arn.as_str().into());
    add("Status", execution.status.as_str().into());
    if let Some(stopped) = execution.stopped {
        add("StopDate", stopped.as_millisecond().into());
    }
    Value::Object(out)
}

fn milliseconds(time: Option<&Value>) -> Option<i64> {
    let time: jiff::Timestamp = time?.as_str()?.parse().ok()?;
    Some(time.as_millisecond())
}
