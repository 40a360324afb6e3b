//! The interpreter of a running execution, which rests while the execution waits for long.
//!
//! Start and signals determine an execution. So the interpreter of one that waits is put away, and
//! made again from them when the next signal comes; what stays is a fraction of its size.

use std::sync::Arc;

use asl::{Action, Signal, StateMachine};
use jiff::Timestamp;

use super::super::execution::Execution;
use super::running;

/// Up to so many signals are told again; more would cost more time than they save memory.
const SIGNALS: usize = 16;

/// Up to so many bytes of data a signal may have to be kept for telling it again.
const BYTES: usize = 1024;

/// An interpreter, awake or resting.
#[derive(Debug)]
pub(in super::super) struct Interpreter {
    awake: Option<Box<asl::Execution>>,
    /// All signals so far, as long as they are few and small.
    told: Option<Vec<(Timestamp, Signal)>>,
}

impl Interpreter {
    /// One that was told nothing yet, or nothing that needs to be remembered.
    pub(super) fn new(machine: asl::Execution, told: Option<Vec<(Timestamp, Signal)>>) -> Self {
        Self {
            awake: Some(Box::new(machine)),
            told: told.filter(|told| {
                told.len() <= SIGNALS && told.iter().all(|(_, signal)| is_small(signal))
            }),
        }
    }

    /// The interpreter, if it does not rest.
    pub(in super::super) fn awake(&self) -> Option<&asl::Execution> {
        self.awake.as_deref()
    }

    /// The interpreter, made again if it rests.
    pub(super) fn wake(
        &mut self,
        program: &Arc<StateMachine>,
        row: &Execution,
    ) -> &mut asl::Execution {
        let told = self.told.as_deref().unwrap_or_default();
        self.awake.get_or_insert_with(|| {
            let start = running::start(row);
            let (mut machine, _) = asl::Execution::start(Arc::clone(program), start, row.started);
            for (now, signal) in told {
                // What this asks for was carried out when it was told first.
                let _ = machine.feed(*now, signal.clone());
            }
            Box::new(machine)
        })
    }

    /// Tells it what happened.
    pub(super) fn feed(
        &mut self,
        program: &Arc<StateMachine>,
        row: &Execution,
        now: Timestamp,
        signal: Signal,
    ) -> Vec<Action> {
        self.wake(program, row);
        match &mut self.told {
            Some(told) if told.len() < SIGNALS && is_small(&signal) => {
                told.push((now, signal.clone()));
            }
            told => *told = None,
        }
        self.wake(program, row).feed(now, signal)
    }

    /// Whether the last thing it was told is that a task was handed over and may take long.
    pub(super) fn waits_for_submitted(&self) -> bool {
        let last = self.told.as_ref().and_then(|told| told.last());
        matches!(last, Some((_, Signal::TaskSubmitted { .. })))
    }

    /// Lets it rest, where it can be made again.
    pub(super) fn rest(&mut self) {
        if let Some(told) = &mut self.told {
            told.shrink_to_fit();
            self.awake = None;
        }
    }
}

fn is_small(signal: &Signal) -> bool {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    match signal {
        Signal::TaskSucceeded { output, .. } | Signal::TaskSubmitted { output, .. } => {
            output.len() <= BYTES
        }
        Signal::TaskFailed { error, cause, .. } => length(error) + length(cause) <= BYTES,
        Signal::TaskScheduled { .. }
        | Signal::TaskStarted { .. }
        | Signal::TaskHeartbeat { .. }
        | Signal::TimerFired { .. }
        | Signal::Redrive => true,
        _ => false,
    }
}
