//! Events in the shape of the API.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

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
            Details::ExecutionRedriven { .. } => "ExecutionRedriven".into(),
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
            Details::MapRunRedriven { .. } => "MapRunRedriven".into(),
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
        serde_json::to_value(Written {
            event: self,
            include_data,
            time: iso,
        })
        .unwrap_or_default()
    }

    /// Writes the JSON that AWS sends: like [`to_api`](Self::to_api), with the time as seconds
    /// since 1970.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_wire(
        &self,
        include_data: bool,
        out: impl std::io::Write,
    ) -> Result<(), serde_json::Error> {
        let written = Written {
            event: self,
            include_data,
            time: seconds,
        };
        serde_json::to_writer(out, &written)
    }
}

/// Seconds since 1970, to the millisecond, as events have no finer time.
fn seconds(time: Timestamp) -> f64 {
    time.as_millisecond() as f64 / 1000.0
}

/// An event as it is written, with the time in the form that the reader wants.
struct Written<'a, T> {
    event: &'a Event,
    include_data: bool,
    time: fn(Timestamp) -> T,
}

impl<T: Serialize> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event_type = self.event.event_type();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timestamp", &(self.time)(self.event.timestamp))?;
        map.serialize_entry("type", &event_type)?;
        map.serialize_entry("id", &self.event.id)?;
        map.serialize_entry("previousEventId", &self.event.previous_id)?;
        if has_details(&self.event.details) {
            let details = WrittenDetails {
                details: &self.event.details,
                include_data: self.include_data,
            };
            map.serialize_entry(&*member(&self.event.details, &event_type), &details)?;
        }
        map.end()
    }
}

/// `stateEnteredEventDetails`, `taskScheduledEventDetails`, …
fn member(details: &Details, event_type: &str) -> Cow<'static, str> {
    match details {
        Details::StateEntered { .. } => "stateEnteredEventDetails".into(),
        Details::StateExited { .. } => "stateExitedEventDetails".into(),
        _ => {
            let mut name = String::with_capacity(event_type.len() + 12);
            let mut chars = event_type.chars();
            name.extend(chars.next().map(|first| first.to_ascii_lowercase()));
            name.extend(chars);
            name.push_str("EventDetails");
            name.into()
        }
    }
}

/// Whether an event says more than its type.
fn has_details(details: &Details) -> bool {
    !matches!(
        details,
        Details::StateSucceeded { .. }
            | Details::StateFailed { .. }
            | Details::StateAborted { .. }
            | Details::ParallelStateStarted
            | Details::MapRunSucceeded
            | Details::MapRunAborted
            | Details::TaskStarted {
                task: TaskKind::Lambda,
                ..
            }
    )
}

/// An event's details as they are written.
struct WrittenDetails<'a> {
    details: &'a Details,
    include_data: bool,
}

/// Members of details under construction.
struct Members<M> {
    map: M,
    include_data: bool,
}

impl<M: SerializeMap> Members<M> {
    fn set(&mut self, name: &str, value: impl Serialize) -> Result<(), M::Error> {
        self.map.serialize_entry(name, &value)
    }

    fn set_some(&mut self, name: &str, value: Option<impl Serialize>) -> Result<(), M::Error> {
        match value {
            Some(value) => self.set(name, value),
            None => Ok(()),
        }
    }

    fn data(&mut self, name: &str, data: &Data) -> Result<(), M::Error> {
        if !self.include_data {
            return Ok(());
        }
        self.set(name, data.text().as_ref())?;
        match name {
            "input" => self.set("inputDetails", Whole),
            _ => self.set("outputDetails", Whole),
        }
    }

    fn error(&mut self, details: &ErrorDetails) -> Result<(), M::Error> {
        self.set_some("error", details.error.as_deref())?;
        self.set_some("cause", details.cause.as_deref())
    }

    fn task(&mut self, task: &TaskKind) -> Result<(), M::Error> {
        match task {
            TaskKind::Service {
                resource,
                resource_type,
            } => {
                self.set("resource", resource.as_ref())?;
                self.set("resourceType", resource_type.as_ref())
            }
            TaskKind::Lambda | TaskKind::Activity => Ok(()),
        }
    }

    fn scheduled(&mut self, scheduled: &Scheduled) -> Result<(), M::Error> {
        match &scheduled.task {
            TaskKind::Service { .. } => {
                self.task(&scheduled.task)?;
                self.set("region", scheduled.region.as_ref())?;
                // Parameters are always shown: the API requires them.
                self.set("parameters", scheduled.parameters.text().as_ref())?;
            }
            TaskKind::Lambda | TaskKind::Activity => {
                self.set("resource", scheduled.arn.as_ref())?;
                self.data("input", &scheduled.parameters)?;
            }
        }
        self.set_some("timeoutInSeconds", scheduled.timeout)?;
        self.set_some("heartbeatInSeconds", scheduled.heartbeat)?;
        let role_arn = scheduled.role_arn.as_ref();
        self.set_some(
            "taskCredentials",
            role_arn.map(|role| json!({ "roleArn": role })),
        )
    }
}

/// `{"truncated": false}`: nothing is ever cut here.
struct Whole;

impl Serialize for Whole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("truncated", &false)?;
        map.end()
    }
}

/// Assigned variables with their texts.
struct Variables<'a>(&'a [(std::sync::Arc<str>, Data)]);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = self.0.iter();
        serializer.collect_map(texts.map(|(name, data)| (name.as_ref(), data.text().as_ref())))
    }
}

impl Serialize for WrittenDetails<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = Members {
            map: serializer.serialize_map(None)?,
            include_data: self.include_data,
        };
        match self.details {
            Details::ExecutionStarted { input, role_arn } => {
                members.data("input", input)?;
                members.set("roleArn", role_arn.as_ref())?;
            }
            Details::ExecutionSucceeded { output } => members.data("output", output)?,
            Details::ExecutionFailed(error)
            | Details::ExecutionTimedOut(error)
            | Details::ExecutionAborted(error)
            | Details::MapRunFailed(error) => members.error(error)?,
            Details::StateEntered { name, input, .. } => {
                members.set("name", name.as_ref())?;
                members.data("input", input)?;
            }
            Details::StateExited {
                name,
                output,
                assigned,
                ..
            } => {
                members.set("name", name.as_ref())?;
                members.data("output", output)?;
                if !assigned.is_empty() && self.include_data {
                    members.set("assignedVariables", Variables(assigned))?;
                    members.set("assignedVariablesDetails", Whole)?;
                }
            }
            Details::MapStateStarted { length } => members.set("length", length)?,
            Details::MapIterationStarted { name, index }
            | Details::MapIterationSucceeded { name, index }
            | Details::MapIterationFailed { name, index }
            | Details::MapIterationAborted { name, index } => {
                members.set("name", name.as_ref())?;
                members.set("index", index)?;
            }
            Details::MapRunStarted { arn } => members.set("mapRunArn", arn.as_ref())?,
            Details::ExecutionRedriven { count } => members.set("redriveCount", count)?,
            Details::MapRunRedriven { arn, count } => {
                members.set("mapRunArn", arn.as_ref())?;
                members.set("redriveCount", count)?;
            }
            Details::TaskScheduled(task) => members.scheduled(task)?,
            Details::TaskStarted { task, worker } => {
                members.task(task)?;
                members.set_some("workerName", worker.as_deref())?;
            }
            Details::TaskSubmitted { task, output } | Details::TaskSucceeded { task, output } => {
                members.task(task)?;
                members.data("output", output)?;
            }
            Details::TaskEnded { task, details, .. } => {
                members.task(task)?;
                members.error(details)?;
            }
            Details::EvaluationFailed {
                state,
                cause,
                location,
            } => {
                members.set("error", "States.QueryEvaluationError")?;
                members.set("cause", cause.as_ref())?;
                members.set_some("location", location.as_deref())?;
                members.set("state", state.as_ref())?;
            }
            // Those without details.
            Details::StateSucceeded { .. }
            | Details::StateFailed { .. }
            | Details::StateAborted { .. }
            | Details::ParallelStateStarted
            | Details::MapRunSucceeded
            | Details::MapRunAborted => {}
        }
        members.map.end()
    }
}
