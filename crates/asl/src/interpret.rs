//! The interpreter: signals in, actions and events out. No I/O, no clock, no randomness.

mod choice;
mod compare;
mod fail;
mod fork;
mod map;
mod map_run;
mod output;
mod quantity;
mod redrive;
mod run;
mod signal;
mod strand;
mod task;
mod test_state;
mod wait;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::data::Data;
use crate::history::{Details, ErrorDetails, Event};
use crate::machine::StateMachine;
use crate::port::{Action, Kind, MapRunId, Outcome, Signal, Start, TaskId, TimerId};
use crate::random::Random;
use strand::{Strand, StrandId};
pub use test_state::{Mock, Test, TestStatus, Tested};

/// Express executions end after five minutes.
const EXPRESS_SECONDS: u64 = 300;

/// On AWS time alone bounds an Express execution; here time stands still within a step, so that a
/// loop without a wait would never end.
const EXPRESS_EVENTS: usize = 100_000;

/// What an execution may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an input or output; AWS: 256 KiB.
    pub payload_bytes: usize,
    /// Events of the history, the closing one included; AWS: 25,000 (Express: none).
    pub events: usize,
    /// Inline Map iterations that run at once; AWS: 40.
    pub inline_concurrency: usize,
    /// Children of a map run that run at once; AWS: 10,000.
    pub distributed_concurrency: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            payload_bytes: 256 * 1024,
            events: 25_000,
            inline_concurrency: 40,
            distributed_concurrency: 10_000,
        }
    }
}

/// Where an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not over.
    Running,
    /// Over, with an output.
    Succeeded,
    /// Over, with an error.
    Failed,
    /// Over, because the machine's `TimeoutSeconds` passed.
    TimedOut,
    /// Over, because it was stopped.
    Aborted,
}

impl Status {
    /// As in `DescribeExecution`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

/// What a timer is for.
#[derive(Debug, Clone, Copy)]
enum TimerUse {
    /// A Wait state, or the pause before a retry.
    Resume(StrandId),
    TaskTimeout(StrandId),
    TaskHeartbeat(StrandId),
    Machine,
}

/// One run of a state machine.
#[derive(Debug)]
pub struct Execution {
    machine: Arc<StateMachine>,
    start: Start,
    input: Data,
    role_arn: Arc<str>,
    region: Arc<str>,
    started: Timestamp,
    limits: Limits,
    redrive_count: u64,
    /// When it was last redriven.
    redriven: Option<Timestamp>,
    /// Strands that failed or were given up, for a redrive.
    graves: HashMap<StrandId, Strand>,
    /// The context object of a test of a single state.
    context: Option<Value>,
    random: RefCell<Random>,
    now: Timestamp,
    events: Vec<Event>,
    strands: HashMap<StrandId, Strand>,
    ready: VecDeque<StrandId>,
    tasks: BTreeMap<TaskId, StrandId>,
    timers: BTreeMap<TimerId, TimerUse>,
    map_runs: BTreeMap<MapRunId, StrandId>,
    next_strand: u64,
    next_task: u64,
    next_timer: u64,
    next_map_run: u64,
    actions: Vec<Action>,
    /// The history is full; the execution must fail now.
    overflow: bool,
    status: Status,
    stopped: Option<Timestamp>,
    output: Option<Data>,
    failure: ErrorDetails,
}

impl Execution {
    /// Begins an execution and runs it until it waits or ends.
    #[must_use]
    pub fn start(
        machine: Arc<StateMachine>,
        start: Start,
        now: Timestamp,
    ) -> (Execution, Vec<Action>) {
        let mut limits = Limits::default();
        if start.kind == Kind::Express {
            limits.events = EXPRESS_EVENTS;
        }
        Self::start_with(machine, start, limits, now)
    }

    /// [`start`](Self::start) with limits other than AWS's.
    #[must_use]
    pub fn start_with(
        machine: Arc<StateMachine>,
        start: Start,
        limits: Limits,
        now: Timestamp,
    ) -> (Execution, Vec<Action>) {
        let mut execution = Self::new(machine, start, limits, now);
        execution.begin(&serde_json::Map::new());
        let actions = std::mem::take(&mut execution.actions);
        (execution, actions)
    }

    fn new(machine: Arc<StateMachine>, start: Start, limits: Limits, now: Timestamp) -> Self {
        // A host checks the input before; text that is not JSON counts as a string here.
        let input = Data::from_text(&start.input)
            .unwrap_or_else(|_| Data::new(Value::String(start.input.clone())));
        let region = start.execution_arn.split(':').nth(3).unwrap_or_default();
        Execution {
            region: Arc::from(region),
            role_arn: Arc::from(start.role_arn.as_str()),
            random: RefCell::new(Random::new(start.seed)),
            machine,
            start,
            input,
            started: now,
            limits,
            redrive_count: 0,
            redriven: None,
            graves: HashMap::new(),
            context: None,
            now,
            events: Vec::new(),
            strands: HashMap::new(),
            ready: VecDeque::new(),
            tasks: BTreeMap::new(),
            timers: BTreeMap::new(),
            map_runs: BTreeMap::new(),
            next_strand: 0,
            next_task: 0,
            next_timer: 0,
            next_map_run: 0,
            actions: Vec::new(),
            overflow: false,
            status: Status::Running,
            stopped: None,
            output: None,
            failure: ErrorDetails::default(),
        }
    }

    fn begin(&mut self, variables: &serde_json::Map<String, Value>) {
        self.push(
            0,
            Details::ExecutionStarted {
                input: self.input.slim(),
                role_arn: Arc::clone(&self.role_arn),
            },
        );
        self.set_machine_timer();
        let program = Arc::clone(&self.machine.program);
        let mut root = self.spawn(program, self.input.clone(), None);
        for (name, value) in variables {
            let data = Data::new(value.clone());
            root.variables.set(Arc::from(name.as_str()), data);
        }
        self.make_ready(root);
        self.run();
    }

    fn set_machine_timer(&mut self) {
        let own = self.machine.timeout;
        let timeout = match self.start.kind {
            Kind::Standard => own,
            Kind::Express => Some(own.unwrap_or(EXPRESS_SECONDS).min(EXPRESS_SECONDS)),
        };
        if let Some(seconds) = timeout {
            self.set_timer(seconds as f64, TimerUse::Machine);
        }
    }

    /// Tells the execution what happened, and gets what to do now. Answers to what it no longer
    /// waits for change nothing.
    #[must_use]
    pub fn feed(&mut self, now: Timestamp, signal: Signal) -> Vec<Action> {
        let redrive = matches!(signal, Signal::Redrive) && self.is_redrivable();
        if self.status == Status::Running || redrive {
            // Time never goes back within a history.
            self.now = self.now.max(now);
            self.signal(signal);
            self.run();
        }
        std::mem::take(&mut self.actions)
    }

    /// The whole history so far; it only grows.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes the history out of an execution that is over and will not be asked for it again.
    #[must_use]
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// JSON text, once it succeeded.
    #[must_use]
    pub fn output(&self) -> Option<&str> {
        self.output.as_ref().map(|output| output.text().as_ref())
    }

    /// Error name, once it failed, timed out or was stopped with one.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.failure.error.as_deref()
    }

    /// Text for people that comes with the error.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.failure.cause.as_deref()
    }

    /// When it began.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        self.started
    }

    /// When it ended.
    #[must_use]
    pub fn stopped_at(&self) -> Option<Timestamp> {
        self.stopped
    }

    /// The machine it runs.
    #[must_use]
    pub fn machine(&self) -> &Arc<StateMachine> {
        &self.machine
    }

    /// What it was started with.
    #[must_use]
    pub fn start_parameters(&self) -> &Start {
        &self.start
    }

    /// Writes an event; its id is the answer. When the history is full but for the closing event,
    /// nothing is written and the execution fails at the next step.
    fn push(&mut self, previous_id: u64, details: Details) -> u64 {
        if self.events.len() + 1 >= self.limits.events {
            self.overflow = true;
            return self.events.len() as u64;
        }
        self.write(previous_id, details)
    }

    fn write(&mut self, previous_id: u64, details: Details) -> u64 {
        let id = self.events.len() as u64 + 1;
        self.events.push(Event {
            id,
            previous_id,
            timestamp: self.now,
            details,
        });
        id
    }

    fn set_timer(&mut self, seconds: f64, purpose: TimerUse) -> TimerId {
        let millis = (seconds * 1000.0).clamp(0.0, 1e14) as i64;
        let at = jiff::SignedDuration::from_millis(millis);
        let at = self.now.checked_add(at).unwrap_or(Timestamp::MAX);
        self.set_timer_at(at, purpose)
    }

    fn set_timer_at(&mut self, at: Timestamp, purpose: TimerUse) -> TimerId {
        let timer = TimerId(self.next_timer);
        self.next_timer += 1;
        self.timers.insert(timer, purpose);
        self.actions.push(Action::SetTimer { timer, at });
        timer
    }

    fn cancel_timer(&mut self, timer: TimerId) {
        if self.timers.remove(&timer).is_some() {
            self.actions.push(Action::CancelTimer { timer });
        }
    }

    /// Ends the execution: whatever still runs is told to stop.
    fn finish(&mut self, outcome: Outcome, previous_id: u64) {
        self.status = match &outcome {
            Outcome::Succeeded { .. } => Status::Succeeded,
            Outcome::Failed { .. } => Status::Failed,
            Outcome::TimedOut => Status::TimedOut,
            Outcome::Aborted { .. } => Status::Aborted,
        };
        let details = match &outcome {
            Outcome::Failed { error, cause } | Outcome::Aborted { error, cause } => ErrorDetails {
                error: error.clone(),
                cause: cause.clone(),
            },
            _ => ErrorDetails::default(),
        };
        self.failure = details.clone();
        let details = match &outcome {
            Outcome::Succeeded { output } => Details::ExecutionSucceeded {
                output: self
                    .output
                    .get_or_insert_with(|| Data::new(Value::String(output.clone())))
                    .clone(),
            },
            Outcome::Failed { .. } => Details::ExecutionFailed(details),
            // Only the event names an error; the execution itself has none.
            Outcome::TimedOut => Details::ExecutionTimedOut(ErrorDetails {
                error: Some("States.Timeout".to_owned()),
                cause: None,
            }),
            Outcome::Aborted { .. } => Details::ExecutionAborted(details),
        };
        self.write(previous_id, details);
        self.stopped = Some(self.now);
        for task in std::mem::take(&mut self.tasks).into_keys() {
            self.actions.push(Action::CancelTask { task });
        }
        for strand in std::mem::take(&mut self.map_runs).into_values() {
            if let Some(mut strand) = self.strands.remove(&strand) {
                self.abort_map_run(&mut strand);
                self.bury(strand);
            }
        }
        for timer in std::mem::take(&mut self.timers).into_keys() {
            self.actions.push(Action::CancelTimer { timer });
        }
        self.bury_all();
        self.ready.clear();
        self.actions.push(Action::Finish(outcome));
    }
}
