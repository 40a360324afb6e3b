//! The host of running executions: feeds them signals and carries out their actions.
//!
//! An execution is data, not a job: a signal is fed by whoever brings it, so ten thousand waiting
//! executions cost their rows and an entry in the list of timers each, and nothing is polled.
//! Signals of one execution are fed one after the other ([`Running`] has the queue); its actions
//! are carried out in between, without any lock, so that they may bring signals themselves.

mod alone;
mod few;
mod finish;
mod history;
mod interpreter;
mod journal;
mod perform;
mod redrive;
mod resume;
mod running;
mod timers;
mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asl::{Action, Kind, Signal};

use crate::{AwsError, Store};

use super::States;
use super::execution::{Execution, Status};
use history::History;
use interpreter::Interpreter;
use journal::Journal;
pub(super) use perform::Progress;
pub(super) use running::{InFlight, Running, Started};
use timers::Timers;
use tokens::Tokens;

/// Events of an execution that is short.
const SHORT: usize = 100;

/// Executions by ARN.
type Live = HashMap<Arc<str>, Arc<Running>>;

/// What runs, and what it takes to go on after a restart.
pub(super) struct Runner {
    live: Mutex<Live>,
    timers: Timers,
    tokens: Tokens,
    journal: Journal,
    history: History,
    /// Executions that ended without success, where no journal remembers them.
    ended: Mutex<Live>,
}

impl Runner {
    pub(super) fn open(store: &Store) -> Self {
        Self {
            live: Mutex::default(),
            timers: Timers::default(),
            tokens: Tokens::default(),
            journal: Journal::open(store),
            history: History::open(store),
            ended: Mutex::default(),
        }
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> MutexGuard<'_, Live> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A running execution.
    pub(super) fn get(&self, arn: &str) -> Option<Arc<Running>> {
        self.live().get(arn).cloned()
    }
}

impl States {
    /// Takes up what ran when the store was last in use, and begins to keep time.
    pub(super) fn begin(self: &Arc<Self>) {
        self.deliver_for_ever();
        self.keep_time();
        self.resume();
    }

    /// Starts an execution; `None` where there already is one of its ARN.
    pub(super) fn launch(
        self: &Arc<Self>,
        row: Execution,
    ) -> Result<Option<Arc<Running>>, AwsError> {
        let row = Arc::new(row);
        let program = self.program(&row)?;
        if row.is_kept() && !self.executions.add(Arc::clone(&row)) {
            return Ok(None);
        }
        let start = running::start(&row);
        let (machine, actions) = asl::Execution::start(Arc::clone(&program), start, row.started);
        let log = self.log_target(&row);
        let machine = Interpreter::new(machine, Some(Vec::new()));
        let running = Arc::new(Running::new(row, program, machine, log));
        let live = Arc::clone(&running);
        self.runner.live().insert(Arc::clone(&running.arn), live);
        self.announce_start(&running);
        if is_short(&actions, &running) {
            self.drive(&running, actions);
        } else {
            let (states, job) = (Arc::clone(self), Arc::clone(&running));
            self.aws.spawn(async move { states.drive(&job, actions) });
        }
        Ok(Some(running))
    }

    /// Tells a running execution what happened. Nothing happens where it no longer runs.
    pub(super) fn signal(self: &Arc<Self>, arn: &str, signal: Signal) {
        if let Some(running) = self.runner.get(arn) {
            self.tell(&running, signal);
        }
    }

    /// Tells an execution what happened, and carries out what it asks for.
    pub(super) fn tell(self: &Arc<Self>, running: &Arc<Running>, signal: Signal) {
        let mut state = running.lock();
        state.queue.push_back(signal);
        if !state.driven {
            state.driven = true;
            drop(state);
            self.drive(running, Vec::new());
        }
    }

    /// Carries out actions, then feeds the queued signals. Whoever calls this has set `driven`.
    fn drive(self: &Arc<Self>, running: &Arc<Running>, actions: Vec<Action>) {
        let mut actions = actions;
        loop {
            self.log_new_events(running);
            self.perform(running, actions);
            match self.feed_next(running) {
                Some(next) => actions = next,
                None => return,
            }
        }
    }

    /// Feeds the oldest queued signal and returns what the execution asks for.
    fn feed_next(&self, running: &Running) -> Option<Vec<Action>> {
        let mut state = running.lock();
        let Some(signal) = state.queue.pop_front() else {
            state.driven = false;
            state.rest(running.log.is_some());
            return None;
        };
        if state.row.status != Status::Running {
            return Some(Vec::new());
        }
        self.settle(&mut state, &signal);
        let last = self.is_deleted(&state.row) && ends_a_state(&signal);
        let mut actions = self.feed(running, &mut state, signal);
        let over = |action: &Action| matches!(action, Action::Finish(_));
        if last && !actions.iter().any(over) {
            // "On the next state transition, the state machine's executions are terminated."
            let stop = Signal::Stop {
                error: None,
                cause: None,
            };
            actions.extend(self.feed(running, &mut state, stop));
        }
        Some(actions)
    }

    fn feed(&self, running: &Running, state: &mut running::State, signal: Signal) -> Vec<Action> {
        // Virtual clocks begin anew with the process, and history never goes backwards.
        let now = self.aws.clock().now().max(state.last);
        state.last = now;
        if state.row.kind == Kind::Standard {
            self.runner
                .journal
                .append(&running.arn, state.journaled, now, &signal);
            state.journaled += 1;
        }
        let (program, row) = (&running.program, &state.row);
        state.machine.feed(program, row, now, signal)
    }

    fn is_deleted(&self, row: &Execution) -> bool {
        let machines = self.machines.rows();
        machines.with(&row.machine_arn, |machine| machine.deleting) == Some(true)
    }
}

/// Whether an execution is over already and has little to write: its end is then stored together
/// with its start, before that is answered.
fn is_short(actions: &[Action], running: &Running) -> bool {
    let over = matches!(actions, [Action::Finish(_)]);
    let events = |machine: &asl::Execution| machine.events().len();
    over && running.lock().machine.awake().map_or(0, events) <= SHORT
}

fn ends_a_state(signal: &Signal) -> bool {
    matches!(
        signal,
        Signal::TaskSucceeded { .. }
            | Signal::TaskFailed { .. }
            | Signal::TimerFired { .. }
            | Signal::ChildFinished { .. }
    )
}
