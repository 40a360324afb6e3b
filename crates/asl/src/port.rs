//! What an execution asks of its host ([`Action`]) and what the host tells it ([`Signal`]).
//!
//! The interpreter never sleeps, calls, reads a clock or draws a number by itself. The host passes
//! the time with every signal and a seed at the start, so a run is a function of definition, start
//! and signals: feed the same ones again and the history is the same, byte for byte.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Names a task within its execution; never used twice, not even by a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskId(pub u64);

/// Names a timer within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimerId(pub u64);

/// Names a map run (one try of a distributed Map state) within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MapRunId(pub u64);

/// Everything an execution knows of the world when it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// `arn:aws:states:…:execution:<machine>:<name>`, also of a map run's child.
    pub execution_arn: String,
    /// The execution's name.
    pub name: String,
    /// ARN of the state machine, with version or alias if started by one.
    pub state_machine_arn: String,
    /// The state machine's name.
    pub state_machine_name: String,
    /// ARN of the role that the execution acts as.
    pub role_arn: String,
    /// `STANDARD` or `EXPRESS`.
    pub kind: Kind,
    /// The input as the caller wrote it; its text is kept until a state rewrites it.
    pub input: String,
    /// Seed of all ids, tokens, jitter and random numbers.
    pub seed: u64,
    /// Whether the caller waits for the end (`StartSyncExecution`).
    #[serde(default)]
    pub synchronous: bool,
    /// For a child of a map run: what `$$.Map` shows (`Item.Index`, `Item.Value`, …).
    pub map_item: Option<Value>,
}

/// Type of a state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Durable, exactly once, with history.
    Standard,
    /// At least once, five minutes at most, history only in logs.
    Express,
}

/// What the host tells an execution. Answers to tasks, timers and children that the execution no
/// longer waits for are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Signal {
    /// The activity exists, and its task is in the queue (`ActivityScheduled`). Other tasks are
    /// scheduled when they are asked for.
    TaskScheduled {
        /// Which task.
        task: TaskId,
    },
    /// The task was handed to its service (`TaskStarted`, `LambdaFunctionStarted`); an activity's
    /// worker says who it is (`ActivityStarted`).
    TaskStarted {
        /// Which task.
        task: TaskId,
        /// Only for activities.
        worker: Option<String>,
    },
    /// A `.sync` or `.waitForTaskToken` task was accepted and is now waited for
    /// (`TaskSubmitted`).
    TaskSubmitted {
        /// Which task.
        task: TaskId,
        /// The service's answer, as JSON text.
        output: String,
    },
    /// The task is done.
    TaskSucceeded {
        /// Which task.
        task: TaskId,
        /// The result, as JSON text.
        output: String,
    },
    /// The task failed, or could not be started when `phase` says so.
    TaskFailed {
        /// Which task.
        task: TaskId,
        /// How far it came, which decides the event's type.
        phase: FailedPhase,
        /// For example `Lambda.TooManyRequestsException`.
        error: Option<String>,
        /// Text for people.
        cause: Option<String>,
    },
    /// A worker says that it is still at it.
    TaskHeartbeat {
        /// Which task.
        task: TaskId,
    },
    /// The time of a timer has come.
    TimerFired {
        /// Which timer.
        timer: TimerId,
    },
    /// Items of a distributed Map were read, or could not be.
    ItemsRead {
        /// Which map run.
        map_run: MapRunId,
        /// The items, or error name and cause (`States.ItemReaderFailed`).
        items: Result<Vec<Value>, (String, String)>,
    },
    /// A child workflow of a map run ended.
    ChildFinished {
        /// Which map run.
        map_run: MapRunId,
        /// Which child, from 0.
        index: u64,
        /// How it ended.
        outcome: Outcome,
    },
    /// The results of a map run were written by its `ResultWriter`, or could not be.
    ResultsWritten {
        /// Which map run.
        map_run: MapRunId,
        /// What the Map state yields (`{"MapRunArn", "ResultWriterDetails"}`), or error and cause
        /// (`States.ResultWriterFailed`).
        output: Result<Value, (String, String)>,
    },
    /// `UpdateMapRun`: what is given replaces what the state asked for.
    MapRunUpdated {
        /// Which map run.
        map_run: MapRunId,
        /// Children that run at once; 0 is "as many as possible".
        max_concurrency: Option<u64>,
        /// Children that may fail.
        tolerated_failure_count: Option<u64>,
        /// Percentage of the children that may fail.
        tolerated_failure_percentage: Option<f64>,
    },
    /// `RedriveExecution`: a Standard execution that failed, timed out or was stopped goes on where
    /// it did not succeed. Others ignore it.
    Redrive,
    /// `StopExecution`.
    Stop {
        /// As given by the caller.
        error: Option<String>,
        /// As given by the caller.
        cause: Option<String>,
    },
}

/// How far a failing task came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailedPhase {
    /// It could not be started for a reason that the definition or the input is to blame for (bad
    /// parameters, a deleted activity): the execution fails with `States.Runtime` and the given
    /// cause; the error name is not used, nothing catches it.
    Refused,
    /// It never started (`TaskStartFailed`, `LambdaFunctionStartFailed`).
    Start,
    /// It was not accepted (`TaskSubmitFailed`).
    Submit,
    /// It ran (`TaskFailed`, `LambdaFunctionFailed`, `ActivityFailed`).
    Run,
}

/// How an execution, or a child of a map run, ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// With this output, as JSON text.
    Succeeded {
        /// JSON text.
        output: String,
    },
    /// A state failed and nobody caught it.
    Failed {
        /// Error name, absent when a Fail state gave none.
        error: Option<String>,
        /// Text for people.
        cause: Option<String>,
    },
    /// The machine's `TimeoutSeconds` passed.
    TimedOut,
    /// It was stopped.
    Aborted {
        /// As given to `StopExecution`.
        error: Option<String>,
        /// As given to `StopExecution`.
        cause: Option<String>,
    },
}

/// What an execution asks of its host. Order matters: carry them out as they come.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Start a task and answer with `TaskStarted` (an activity's with `TaskScheduled` before), then,
    /// by its pattern, `TaskSubmitted`, and `TaskSucceeded` or `TaskFailed`. Time-outs are the interpreter's business.
    StartTask(Box<StartTask>),
    /// The task is no longer waited for (time-out, stop, failed sibling): stop what it started.
    CancelTask {
        /// Which task.
        task: TaskId,
    },
    /// Answer `TimerFired` at this time.
    SetTimer {
        /// Which timer.
        timer: TimerId,
        /// When.
        at: Timestamp,
    },
    /// The timer is no longer needed.
    CancelTimer {
        /// Which timer.
        timer: TimerId,
    },
    /// A distributed Map begins: note it under its ARN, and read its items if it has a reader (answer
    /// `ItemsRead`); without one the interpreter already has them.
    StartMapRun(Box<StartMapRun>),
    /// The items of a map run are there, and this is how many children will share them.
    SizeMapRun {
        /// Which map run.
        map_run: MapRunId,
        /// Children.
        children: u64,
        /// Items.
        items: u64,
    },
    /// Start a child execution on the machine of the map run's `ItemProcessor`
    /// (`StateMachine::item_processor`); answer `ChildFinished`.
    StartChild {
        /// Which map run.
        map_run: MapRunId,
        /// Which child, from 0.
        index: u64,
        /// Its input, as JSON text.
        input: String,
        /// What the child's `$$.Map` shows.
        map_item: Value,
    },
    /// A map run that ended without success goes on: note that, under the ARN it has.
    RedriveMapRun {
        /// Which map run.
        map_run: MapRunId,
        /// How often it was redriven, with this time.
        count: u64,
    },
    /// Run a child again that did not succeed: redrive it if it is a Standard execution, else start
    /// it anew; answer `ChildFinished`.
    RedriveChild {
        /// Which map run.
        map_run: MapRunId,
        /// Which child.
        index: u64,
        /// Its input, as JSON text.
        input: String,
        /// What the child's `$$.Map` shows.
        map_item: Value,
    },
    /// Stop a child that still runs.
    StopChild {
        /// Which map run.
        map_run: MapRunId,
        /// Which child.
        index: u64,
    },
    /// Write the results of all children and answer `ResultsWritten`.
    WriteResults {
        /// Which map run.
        map_run: MapRunId,
        /// The evaluated `ResultWriter` (`Resource`, `Arguments`/`Parameters`, `WriterConfig`).
        writer: Value,
        /// One a child, by index.
        children: Vec<ChildResult>,
    },
    /// The map run ended, after `WriteResults` if it has a writer.
    EndMapRun {
        /// Which map run.
        map_run: MapRunId,
        /// `SUCCEEDED`, `FAILED` or `ABORTED`.
        status: &'static str,
    },
    /// The execution is over. Always the last action.
    Finish(Outcome),
}

/// A task to start.
#[derive(Debug, Clone, PartialEq)]
pub struct StartTask {
    /// Names the task.
    pub task: TaskId,
    /// Name of the state, for logs.
    pub state: String,
    /// What to call.
    pub resource: Resource,
    /// Evaluated `Parameters`/`Arguments`, or the state's effective input where the state has none.
    pub parameters: Value,
    /// The token under which the task can be answered from outside.
    pub token: String,
    /// Role of `Credentials`, if any.
    pub credentials: Option<String>,
}

/// A parsed `Resource` of a Task state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `arn:aws:lambda:…:function:…`: the input is the payload.
    Lambda {
        /// The ARN, with version or alias if given.
        arn: String,
    },
    /// `arn:aws:states:…:activity:…`.
    Activity {
        /// The ARN.
        arn: String,
    },
    /// `arn:aws:states:::<service>:<action>[.<pattern>]`, optimised integrations.
    Optimised {
        /// `lambda`, `ecs`, `dynamodb`, …
        service: String,
        /// `invoke`, `runTask`, …
        action: String,
        /// What to wait for.
        pattern: Pattern,
    },
    /// `arn:aws:states:::aws-sdk:<service>:<action>[.waitForTaskToken]`.
    Sdk {
        /// As written: `cloudformation`, `cloudwatchlogs`, `sfn`.
        service: String,
        /// As written: `detectStackDrift`.
        action: String,
        /// What to wait for.
        pattern: Pattern,
    },
}

/// What a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// The call's answer.
    RequestResponse,
    /// The job's end (`.sync`).
    Sync,
    /// The job's end, with parsed output (`.sync:2`).
    Sync2,
    /// `SendTaskSuccess` or `SendTaskFailure` (`.waitForTaskToken`).
    TaskToken,
}

/// A map run to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct StartMapRun {
    /// Names the map run.
    pub map_run: MapRunId,
    /// The Map state.
    pub state: String,
    /// JSON pointer of the Map state in the definition, by which the host finds the processor.
    pub pointer: String,
    /// `Label`, or a name made from the state's name.
    pub label: String,
    /// The run's ARN (`arn:…:mapRun:<machine>/<label>:<uuid>`), drawn from the execution's seed.
    pub arn: String,
    /// Type of the children.
    pub kind: Kind,
    /// Evaluated `ItemReader` (`Resource`, `Arguments`/`Parameters`, `ReaderConfig`), if any.
    pub reader: Option<Value>,
    /// Evaluated limit of children that run at once; 0 is "as many as possible".
    pub max_concurrency: u64,
    /// Evaluated `ToleratedFailureCount`.
    pub tolerated_failure_count: u64,
    /// Evaluated `ToleratedFailurePercentage`.
    pub tolerated_failure_percentage: f64,
}

/// How a child of a map run ended, for the result writer.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildResult {
    /// Which child.
    pub index: u64,
    /// Its input, as JSON text.
    pub input: String,
    /// Its end.
    pub outcome: Outcome,
}
