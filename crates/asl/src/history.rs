//! The events of an execution, as `GetExecutionHistory` tells them.

mod api;

use std::sync::Arc;

use jiff::Timestamp;

use crate::data::Data;

/// Something that happened in an execution.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// From 1, without gaps.
    pub id: u64,
    /// The event that led to this one; 0 for the first ones.
    pub previous_id: u64,
    /// When.
    pub timestamp: Timestamp,
    /// What.
    pub details: Details,
}

/// Error name and cause, where there are any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorDetails {
    /// For example `States.Timeout`.
    pub error: Option<String>,
    /// Text for people.
    pub cause: Option<String>,
}

/// What the three kinds of tasks say of themselves in their events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskKind {
    /// A function called by its own ARN.
    Lambda,
    /// An activity.
    Activity,
    /// An integration.
    Service {
        /// `invoke`, `sendMessage.waitForTaskToken`.
        resource: Arc<str>,
        /// `lambda`, `aws-sdk:s3`.
        resource_type: Arc<str>,
    },
}

/// How a task that does not succeed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskFailure {
    /// `TaskFailed`
    Failed,
    /// `TaskTimedOut`
    TimedOut,
    /// `TaskStartFailed`
    StartFailed,
    /// `TaskSubmitFailed`
    SubmitFailed,
}

/// What happened; one variant for each shape of details.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the members are those of the API's event details"
)]
pub enum Details {
    /// `ExecutionStarted`
    ExecutionStarted { input: Data, role_arn: Arc<str> },
    /// `ExecutionSucceeded`
    ExecutionSucceeded { output: Data },
    /// `ExecutionFailed`
    ExecutionFailed(ErrorDetails),
    /// `ExecutionTimedOut`
    ExecutionTimedOut(ErrorDetails),
    /// `ExecutionAborted`
    ExecutionAborted(ErrorDetails),
    /// `ExecutionRedriven`
    ExecutionRedriven { count: u64 },
    /// `PassStateEntered`, …; `state_type` is `Pass`, …
    StateEntered {
        state_type: &'static str,
        name: Arc<str>,
        input: Data,
    },
    /// `PassStateExited`, …
    StateExited {
        state_type: &'static str,
        name: Arc<str>,
        output: Data,
        assigned: Box<[(Arc<str>, Data)]>,
    },
    /// `MapStateSucceeded`, `ParallelStateSucceeded`
    StateSucceeded { state_type: &'static str },
    /// `MapStateFailed`, `ParallelStateFailed`
    StateFailed { state_type: &'static str },
    /// `TaskStateAborted`, …
    StateAborted { state_type: &'static str },
    /// `ParallelStateStarted`
    ParallelStateStarted,
    /// `MapStateStarted`
    MapStateStarted { length: usize },
    /// `MapIterationStarted`
    MapIterationStarted { name: Arc<str>, index: usize },
    /// `MapIterationSucceeded`
    MapIterationSucceeded { name: Arc<str>, index: usize },
    /// `MapIterationFailed`
    MapIterationFailed { name: Arc<str>, index: usize },
    /// `MapIterationAborted`
    MapIterationAborted { name: Arc<str>, index: usize },
    /// `MapRunStarted`
    MapRunStarted { arn: Arc<str> },
    /// `MapRunSucceeded`
    MapRunSucceeded,
    /// `MapRunFailed`
    MapRunFailed(ErrorDetails),
    /// `MapRunAborted`
    MapRunAborted,
    /// `MapRunRedriven`
    MapRunRedriven { arn: Arc<str>, count: u64 },
    /// `TaskScheduled`, `LambdaFunctionScheduled`, `ActivityScheduled`
    TaskScheduled(Box<Scheduled>),
    /// `TaskStarted`, …
    TaskStarted {
        task: TaskKind,
        worker: Option<String>,
    },
    /// `TaskSubmitted`
    TaskSubmitted { task: TaskKind, output: Data },
    /// `TaskSucceeded`, …
    TaskSucceeded { task: TaskKind, output: Data },
    /// `TaskFailed`, `TaskTimedOut`, …
    TaskEnded {
        task: Box<TaskKind>,
        how: TaskFailure,
        details: ErrorDetails,
    },
    /// `EvaluationFailed`
    EvaluationFailed {
        state: Arc<str>,
        cause: Box<str>,
        location: Option<String>,
    },
}

// A history may be long, so that its events must be small.
const _: () = assert!(size_of::<Event>() <= 104);

/// A task that is about to start.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    /// Which kind.
    pub task: TaskKind,
    /// The ARN in the definition.
    pub arn: Arc<str>,
    /// What it is given.
    pub parameters: Data,
    /// Where it runs.
    pub region: Arc<str>,
    /// Seconds.
    pub timeout: Option<u64>,
    /// Seconds.
    pub heartbeat: Option<u64>,
    /// Role to assume.
    pub role_arn: Option<String>,
}
