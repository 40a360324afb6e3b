//! Following a job to its end.

use std::time::Duration;

use futures_util::future::select_all;
use serde_json::{Map, Value, json};

use super::ecs::{self, Verdict};
use super::kinds::{Call, Kind, Origin};
use crate::states::runner::Started;
use crate::states::tasks::Task;
use crate::states::tasks::api::Api;
use crate::states::tasks::failure::Failure;

/// How long to wait before a service elsewhere is asked again.
const PAUSE: Duration = Duration::from_secs(5);

/// Waits until the job is over; the result is what its service says of it.
pub(super) async fn follow(task: &Task, kind: &Kind, accepted: &Value) -> Result<String, Failure> {
    let (service, _) = kind.start;
    let describe = Api::optimised(service, kind.describe.action)?;
    let input = parameters(&kind.describe, task, accepted);
    let names = names(kind, accepted);
    if !note(task, kind, accepted) {
        return Err(Failure::new("States.TaskFailed", "the job was stopped"));
    }
    let aws = &task.states.aws;
    let elsewhere = task.states.outside.has(describe.service());
    loop {
        let changed: Vec<_> = names
            .iter()
            .map(|name| aws.changes().listen(name))
            .collect();
        let described = match describe.call(task, &input).await {
            Ok(answer) => answer.result,
            Err(failure) if kind.until_gone && is_gone(&failure) => {
                return Ok(accepted.to_string());
            }
            Err(failure) => return Err(failure),
        };
        match judge(kind, &described) {
            Verdict::Runs => {}
            Verdict::Succeeded(mut result) => {
                for member in kind.keeps {
                    if let Some(value) = accepted.get(*member) {
                        result[*member] = value.clone();
                    }
                }
                return Ok(result.to_string());
            }
            Verdict::Failed(result) => {
                return Err(Failure::new("States.TaskFailed", result.to_string()));
            }
        }
        if !task.is_awaited() {
            return Err(Failure::new("States.TaskFailed", "nobody waits any more"));
        }
        if elsewhere || changed.is_empty() {
            aws.clock().sleep(PAUSE).await;
        } else {
            // Nobody tells any more when the service ends, and so does this.
            let _ = select_all(changed).await;
        }
    }
}

/// Whether a service says that there is no such thing.
fn is_gone(failure: &Failure) -> bool {
    failure.error.ends_with(".ResourceNotFoundException")
}

/// The names under which word of changes comes: of tasks of ECS there may be several.
fn names(kind: &Kind, accepted: &Value) -> Vec<String> {
    let one = accepted.pointer(kind.name);
    let tasks = accepted.get("Tasks").and_then(Value::as_array);
    let all = match tasks.filter(|_| kind.start.0 == "ecs") {
        Some(tasks) => tasks
            .iter()
            .filter_map(|task| task.get("TaskArn"))
            .collect(),
        None => Vec::from_iter(one),
    };
    let texts = all.into_iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn judge(kind: &Kind, described: &Value) -> Verdict {
    if kind.start.0 == "ecs" {
        return ecs::verdict(described);
    }
    let job = described.pointer(kind.job).cloned().unwrap_or_default();
    let status = job.pointer(kind.status).and_then(Value::as_str);
    let status = status.unwrap_or_default();
    if kind.succeeded.contains(&status) {
        Verdict::Succeeded(job)
    } else if kind.failed.contains(&status) || job.is_null() {
        Verdict::Failed(job)
    } else {
        Verdict::Runs
    }
}

/// Notes what stops the job; false where it was stopped because nobody waits for it any more.
fn note(task: &Task, kind: &Kind, accepted: &Value) -> bool {
    let Some(stop) = &kind.stop else {
        return true;
    };
    let Ok(api) = Api::optimised(kind.start.0, stop.action) else {
        return true;
    };
    let stop = parameters(stop, task, accepted);
    // A call a task: `StopTask` takes one only.
    let stops = match accepted.get("Tasks").and_then(Value::as_array) {
        Some(tasks) if stop.get("Task").is_some() => tasks
            .iter()
            .filter_map(|one| {
                let mut stop = stop.clone();
                stop["Task"] = one.get("TaskArn")?.clone();
                Some(stop)
            })
            .collect(),
        _ => vec![stop],
    };
    let calls = stops.iter().filter_map(|stop| api.prepare(task, stop));
    let started = Started::Job(calls.collect());
    task.states
        .waits_for(&task.running, task.asked.task, started)
}

fn parameters(call: &Call, task: &Task, accepted: &Value) -> Value {
    let given = &task.asked.parameters;
    let mut parameters = Map::new();
    for (name, from) in call.parameters {
        let value = match from {
            Origin::Accepted(at) => accepted.pointer(at).cloned(),
            Origin::AcceptedList(at) => accepted.pointer(at).map(|value| json!([value])),
            Origin::AcceptedAll(list, member) => {
                let items = accepted.pointer(list).and_then(Value::as_array);
                let items = items.into_iter().flatten();
                Some(
                    items
                        .filter_map(|item| item.get(*member).cloned())
                        .collect(),
                )
            }
            Origin::Given(at) => given.pointer(at).cloned(),
            Origin::Text(text) => Some(json!(text)),
        };
        if let Some(value) = value {
            parameters.insert((*name).to_owned(), value);
        }
    }
    Value::Object(parameters)
}
