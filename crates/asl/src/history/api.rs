//! Events in the shape of the API.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{Details, ErrorDetails, Event, Scheduled, TaskFailure, TaskKind};
use crate::data::Data;
use crate::env::iso;

impl Event {
    /// `PassStateEntered`, `TaskScheduled`, …
    #[must_use]
    pub fn event_type(&self) -> Cow<'static, str> {
        let task_event = |task: &TaskKind, what: &str| {
            Cow::Owned(match task {
                TaskKind::Lambda => format!("LambdaFunction{what}"),
                TaskKind::Activity => format!("Activity{what}"),
                TaskKind::Service { .. } => format!("Task{what}"),
            })
        };
        match &self.details {
            Details::ExecutionStarted { .. } => "ExecutionStarted".into(),
            Details::ExecutionSucceeded { .. } => "ExecutionSucceeded".into(),
            Details::ExecutionFailed(_) => "ExecutionFailed".into(),
            Details::ExecutionTimedOut(_) => "ExecutionTimedOut".into(),
            Details::ExecutionAborted(_) => "ExecutionAborted".into(),
            Details::StateEntered { state_type, .. } => format!("{state_type}StateEntered").into(),
            Details::StateExited { state_type, .. } => format!("{state_type}StateExited").into(),
            Details::StateSucceeded { state_type } => format!("{state_type}StateSucceeded").into(),
            Details::StateFailed { state_type } => format!("{state_type}StateFailed").into(),
            Details::StateAborted { state_type } => format!("{state_type}StateAborted").into(),
            Details::ParallelStateStarted => "ParallelStateStarted".into(),
            Details::MapStateStarted { .. } => "MapStateStarted".into(),
            Details::MapIterationStarted { .. } => "MapIterationStarted".into(),
            Details::MapIterationSucceeded { .. } => "MapIterationSucceeded".into(),
            Details::MapIterationFailed { .. } => "MapIterationFailed".into(),
            Details::MapIterationAborted { .. } => "MapIterationAborted".into(),
            Details::MapRunStarted { .. } => "MapRunStarted".into(),
            Details::MapRunSucceeded => "MapRunSucceeded".into(),
            Details::MapRunFailed(_) => "MapRunFailed".into(),
            Details::MapRunAborted => "MapRunAborted".into(),
            Details::TaskScheduled(scheduled) => task_event(&scheduled.task, "Scheduled"),
            Details::TaskStarted { task, .. } => task_event(task, "Started"),
            Details::TaskSubmitted { task, .. } => task_event(task, "Submitted"),
            Details::TaskSucceeded { task, .. } => task_event(task, "Succeeded"),
            Details::TaskEnded { task, how, .. } => task_event(
                task,
                match how {
                    TaskFailure::Failed => "Failed",
                    TaskFailure::TimedOut => "TimedOut",
                    TaskFailure::StartFailed => "StartFailed",
                    TaskFailure::SubmitFailed => "SubmitFailed",
                },
            ),
            Details::EvaluationFailed { .. } => "EvaluationFailed".into(),
        }
    }

    /// The event with the member names of `GetExecutionHistory`. Without data, inputs and outputs
    /// are left out, errors and causes stay (`includeExecutionData`).
    #[must_use]
    pub fn to_api(&self, include_data: bool) -> Value {
        let event_type = self.event_type();
        let mut event = Map::new();
        event.insert("timestamp".into(), iso(self.timestamp).into());
        event.insert("type".into(), event_type.as_ref().into());
        event.insert("id".into(), self.id.into());
        event.insert("previousEventId".into(), self.previous_id.into());
        if let Some(details) = details(&self.details, include_data) {
            event.insert(member(&self.details, &event_type), Value::Object(details));
        }
        Value::Object(event)
    }
}

/// `stateEnteredEventDetails`, `taskScheduledEventDetails`, …
fn member(details: &Details, event_type: &str) -> String {
    match details {
        Details::StateEntered { .. } => "stateEnteredEventDetails".into(),
        Details::StateExited { .. } => "stateExitedEventDetails".into(),
        _ => {
            let mut name = String::with_capacity(event_type.len() + 12);
            let mut chars = event_type.chars();
            name.extend(chars.next().map(|first| first.to_ascii_lowercase()));
            name.extend(chars);
            name.push_str("EventDetails");
            name
        }
    }
}

/// Members of details under construction.
struct Members {
    map: Map<String, Value>,
    include_data: bool,
}

impl Members {
    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.map.insert(name.into(), value.into());
        self
    }

    fn set_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    fn data(self, name: &str, data: &Data) -> Self {
        if !self.include_data {
            return self;
        }
        self.set(name, data.text().as_ref())
            .set(&format!("{name}Details"), json!({"truncated": false}))
    }

    fn error(self, details: &ErrorDetails) -> Self {
        self.set_some("error", details.error.as_deref())
            .set_some("cause", details.cause.as_deref())
    }

    fn task(self, task: &TaskKind) -> Self {
        match task {
            TaskKind::Service {
                resource,
                resource_type,
            } => self
                .set("resource", resource.as_ref())
                .set("resourceType", resource_type.as_ref()),
            TaskKind::Lambda | TaskKind::Activity => self,
        }
    }
}

fn details(details: &Details, include_data: bool) -> Option<Map<String, Value>> {
    let members = Members {
        map: Map::new(),
        include_data,
    };
    let members = match details {
        Details::ExecutionStarted { input, role_arn } => members
            .data("input", input)
            .set("roleArn", role_arn.as_ref()),
        Details::ExecutionSucceeded { output } => members.data("output", output),
        Details::ExecutionFailed(error)
        | Details::ExecutionTimedOut(error)
        | Details::ExecutionAborted(error)
        | Details::MapRunFailed(error) => members.error(error),
        Details::StateEntered { name, input, .. } => {
            members.set("name", name.as_ref()).data("input", input)
        }
        Details::StateExited {
            name,
            output,
            assigned,
            ..
        } => {
            let members = members.set("name", name.as_ref()).data("output", output);
            if assigned.is_empty() || !include_data {
                members
            } else {
                let variables: Map<String, Value> = assigned
                    .iter()
                    .map(|(name, data)| (name.to_string(), data.text().as_ref().into()))
                    .collect();
                members
                    .set("assignedVariables", variables)
                    .set("assignedVariablesDetails", json!({"truncated": false}))
            }
        }
        Details::MapStateStarted { length } => members.set("length", *length),
        Details::MapIterationStarted { name, index }
        | Details::MapIterationSucceeded { name, index }
        | Details::MapIterationFailed { name, index }
        | Details::MapIterationAborted { name, index } => {
            members.set("name", name.as_ref()).set("index", *index)
        }
        Details::MapRunStarted { arn } => members.set("mapRunArn", arn.as_ref()),
        Details::TaskScheduled(task) => scheduled(members, task),
        Details::TaskStarted { task, worker } => match task {
            TaskKind::Lambda => return None,
            _ => members.task(task).set_some("workerName", worker.as_deref()),
        },
        Details::TaskSubmitted { task, output } | Details::TaskSucceeded { task, output } => {
            members.task(task).data("output", output)
        }
        Details::TaskEnded { task, details, .. } => members.task(task).error(details),
        Details::EvaluationFailed {
            state,
            cause,
            location,
        } => members
            .set("error", "States.QueryEvaluationError")
            .set("cause", cause.as_str())
            .set_some("location", location.as_deref())
            .set("state", state.as_ref()),
        Details::StateSucceeded { .. }
        | Details::StateFailed { .. }
        | Details::StateAborted { .. }
        | Details::ParallelStateStarted
        | Details::MapRunSucceeded
        | Details::MapRunAborted => return None,
    };
    Some(members.map)
}

fn scheduled(members: Members, scheduled: &Scheduled) -> Members {
    let members = match &scheduled.task {
        TaskKind::Service { .. } => {
            let members = members
                .task(&scheduled.task)
                .set("region", scheduled.region.as_ref());
            // Parameters are always shown: the API requires them.
            members.set("parameters", scheduled.parameters.text().as_ref())
        }
        TaskKind::Lambda | TaskKind::Activity => members
            .set("resource", scheduled.arn.as_ref())
            .data("input", &scheduled.parameters),
    };
    members
        .set_some("timeoutInSeconds", scheduled.timeout)
        .set_some("heartbeatInSeconds", scheduled.heartbeat)
        .set_some(
            "taskCredentials",
            scheduled
                .role_arn
                .as_ref()
                .map(|role| json!({ "roleArn": role })),
        )
}
