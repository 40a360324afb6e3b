//! One running execution: its interpreter, the signals that wait, and what is in flight.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use asl::{MapRunId, Signal, Start, StateMachine, TaskId, TimerId};
use awsapi::Operation;
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::{Call, Scope};

use super::super::arn::Arn;
use super::super::delivery::LogTarget;
use super::super::execution::{Execution, Status};
use super::super::tasks::Exchange;
use super::few::Few;
use super::interpreter::Interpreter;
use super::timers::Key;

/// Histories longer than this are not made again.
const EVENTS: usize = 100;

/// A running execution.
#[derive(Debug)]
pub(in super::super) struct Running {
    pub arn: Arc<str>,
    pub machine_arn: Arc<str>,
    pub role_arn: Arc<str>,
    pub program: Arc<StateMachine>,
    /// Where its history is logged.
    pub log: Option<Box<LogTarget>>,
    /// What an HTTP task said and heard, where somebody wants to know.
    pub trace: Option<Box<OnceLock<Exchange>>>,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Debug)]
pub(in super::super) struct State {
    pub row: Arc<Execution>,
    pub machine: Interpreter,
    pub queue: VecDeque<Signal>,
    /// Whether somebody feeds signals and carries out actions at this moment.
    pub driven: bool,
    /// Time of the last signal.
    pub last: Timestamp,
    /// How many signals the journal has.
    pub journaled: u64,
    /// How many events went to the log.
    pub logged: usize,
    pub tasks: Few<TaskId, Box<InFlight>>,
    pub timers: Few<TimerId, Key>,
    /// ARNs of map runs.
    pub map_runs: BTreeMap<MapRunId, Arc<str>>,
    /// ARNs of the children of map runs.
    pub children: BTreeMap<(MapRunId, u64), Arc<str>>,
    pub waiters: Vec<oneshot::Sender<Arc<Execution>>>,
}

/// What is needed to end a task from outside or to give it up.
#[derive(Debug, Clone)]
pub(in super::super) struct InFlight {
    pub token: Arc<str>,
    /// Where a worker fetches it.
    pub activity: Option<Arc<str>>,
    /// What was started and is waited for.
    pub started: Option<Started>,
}

/// What a task started, and stops when nobody waits for it any more.
#[derive(Debug, Clone)]
pub(in super::super) enum Started {
    /// An execution, by its ARN.
    Execution(String),
    /// A job of another service, by the calls that stop it.
    Job(Vec<(Operation, Call)>),
}

impl Running {
    /// An execution that is about to be driven by whoever makes it.
    pub(super) fn new(
        row: Arc<Execution>,
        program: Arc<StateMachine>,
        machine: Interpreter,
        log: Option<LogTarget>,
    ) -> Self {
        Self {
            arn: Arc::clone(&row.arn),
            machine_arn: Arc::clone(&row.machine_arn),
            role_arn: Arc::clone(&row.role_arn),
            program,
            log: log.map(Box::new),
            trace: None,
            state: Mutex::new(State {
                last: row.started,
                row,
                machine,
                queue: VecDeque::new(),
                driven: true,
                journaled: 0,
                logged: 0,
                tasks: Few::default(),
                timers: Few::default(),
                map_runs: BTreeMap::new(),
                children: BTreeMap::new(),
                waiters: Vec::new(),
            }),
        }
    }

    /// The same, with a place for what an HTTP task says and hears.
    pub(super) fn traced(mut self) -> Self {
        self.trace = Some(Box::default());
        self
    }

    /// Whose resources its machine and its tasks belong to.
    pub(in super::super) fn scope(&self) -> Scope {
        let scope = Arn::parse(&self.machine_arn, &["stateMachine"]).map(|arn| arn.scope());
        scope.unwrap_or_else(|_| Scope::new("us-east-1"))
    }

    pub(in super::super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the process was killed between a redrive's row and its journal.
    pub(super) fn is_to_be_redriven(&self) -> bool {
        let mut state = self.lock();
        let state = &mut *state;
        let machine = state.machine.wake(&self.program, &state.row);
        machine.redrive_count() < state.row.redrives().count
    }

    /// Waits for the end and returns the row as it then is.
    pub(in super::super) async fn ended(&self) -> Option<Arc<Execution>> {
        let ended = {
            let mut state = self.lock();
            if state.row.status != Status::Running {
                return Some(Arc::clone(&state.row));
            }
            let (send, ended) = oneshot::channel();
            state.waiters.push(send);
            ended
        };
        ended.await.ok()
    }
}

impl State {
    /// Lets the interpreter rest if the execution now waits for somebody outside or for a timer
    /// alone. Tasks that the program carries out itself are over too soon for that.
    pub(super) fn rest(&mut self, is_logged: bool) {
        let outside = match self.tasks.len() {
            1 if self.machine.waits_for_submitted() => true,
            _ => self.tasks.values().all(|task| task.activity.is_some()),
        };
        let length = self.machine.awake().map(|machine| machine.events().len());
        let rests = self.row.status == Status::Running
            && outside
            && self.map_runs.is_empty()
            && length
                .is_some_and(|length| length <= EVENTS && (!is_logged || self.logged == length));
        if rests {
            self.machine.rest();
            self.queue.shrink_to_fit();
            self.tasks.shrink();
            self.timers.shrink();
        }
    }
}

/// What the interpreter is told at the start.
pub(super) fn start(row: &Execution) -> Start {
    let through = row.alias_arn.as_ref().or(row.version_arn.as_ref());
    Start {
        execution_arn: row.arn.to_string(),
        name: row.name().to_owned(),
        state_machine_arn: through.map_or_else(|| row.public_machine(), |arn| arn.to_string()),
        state_machine_name: row.machine_name().to_owned(),
        role_arn: row.role_arn.to_string(),
        kind: row.kind,
        input: row.input.to_string(),
        seed: row.seed,
        synchronous: false,
        map_item: row.parent.as_ref().map(|parent| parent.map_item.clone()),
    }
}
