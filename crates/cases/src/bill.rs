//! What AWS bills: of Standard executions a state transition for each state that is entered and
//! one for each retry, of Express executions their number, time and memory
//! (<https://aws.amazon.com/step-functions/pricing/>).

use std::collections::BTreeMap;

use asl::{Details, Event, Execution, Kind};

/// What is billed of an execution and its children.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bill {
    /// Of Standard executions, by name of the state.
    pub states: BTreeMap<String, Transitions>,
    /// Standard executions.
    pub standard: u64,
    /// Seconds of each Express execution that ended.
    pub express: Vec<f64>,
}

/// How often a state was billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transitions {
    /// Times it was entered.
    pub entered: u64,
    /// Times it was tried again.
    pub retried: u64,
}

/// What a history event means to the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A state is entered.
    Entered(String),
    /// A task is scheduled: once for each try.
    Scheduled,
    /// A Map or Parallel starts: once for each try.
    Started,
    /// A Map or Parallel failed.
    Failed,
    /// Nothing.
    Other,
}

impl Bill {
    /// Billed transitions of all Standard executions.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        let states = self.states.values();
        states.map(|state| state.entered + state.retried).sum()
    }

    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        for (name, more) in &other.states {
            let state = self.states.entry(name.clone()).or_default();
            state.entered += more.entered;
            state.retried += more.retried;
        }
        self.standard += other.standard;
        self.express.extend(&other.express);
    }

    /// The bill of a Standard execution by its history: of every event, in order, the id of the
    /// one before it and what it means. The first event has the id 1.
    pub fn of_history(events: impl IntoIterator<Item = (u64, Step)>) -> Self {
        let events: Vec<(u64, Step)> = events.into_iter().collect();
        let mut bill = Self {
            standard: 1,
            ..Self::default()
        };
        for (previous, step) in &events {
            match step {
                Step::Entered(name) => bill.state(name).entered += 1,
                // The first try follows the entering of its state, each other one a failure.
                Step::Scheduled | Step::Started
                    if !matches!(event(&events, *previous), Some((_, Step::Entered(_)))) =>
                {
                    bill.state(&tried(&events, *previous)).retried += 1;
                }
                _ => {}
            }
        }
        bill
    }

    fn state(&mut self, name: &str) -> &mut Transitions {
        self.states.entry(name.to_owned()).or_default()
    }
}

fn event(events: &[(u64, Step)], id: u64) -> Option<&(u64, Step)> {
    let index = usize::try_from(id).ok()?.checked_sub(1)?;
    events.get(index)
}

/// The state that is tried again, going back from the failure of its last try. Tries of a Map or
/// Parallel within it begin and fail on the way, and are passed over.
fn tried(events: &[(u64, Step)], failure: u64) -> String {
    let mut id = failure;
    let mut within = 0_u64;
    // Ids only get smaller, so this ends.
    while let Some((previous, step)) = event(events, id) {
        match step {
            Step::Entered(name) if within == 0 => return name.clone(),
            Step::Failed => within += 1,
            Step::Started => within = within.saturating_sub(1),
            _ => {}
        }
        if *previous >= id {
            break;
        }
        id = *previous;
    }
    // A redriven execution goes on where no event leads back from.
    "(redriven)".to_owned()
}

/// The bill of executions and their children.
pub(crate) fn of(executions: &[Execution]) -> Bill {
    let mut bill = Bill::default();
    for execution in executions {
        bill.add(&of_one(execution));
    }
    bill
}

fn of_one(execution: &Execution) -> Bill {
    if execution.start_parameters().kind == Kind::Express {
        let ended = execution.stopped_at();
        let seconds = ended.map(|at| at.duration_since(execution.started_at()).as_secs_f64());
        return Bill {
            express: seconds.into_iter().collect(),
            ..Bill::default()
        };
    }
    let events = execution.events();
    Bill::of_history(events.iter().map(|event| (event.previous_id, step(event))))
}

fn step(event: &Event) -> Step {
    match &event.details {
        Details::StateEntered { name, .. } => Step::Entered(name.to_string()),
        Details::TaskScheduled(_) => Step::Scheduled,
        Details::MapStateStarted { .. } | Details::ParallelStateStarted => Step::Started,
        Details::StateFailed { .. } => Step::Failed,
        _ => Step::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_belongs_to_the_state_that_is_tried_again() {
        let entered = |name: &str| Step::Entered(name.to_owned());
        // A Parallel is tried twice; the task in it three times, the last try in the second.
        let events = [
            (0, Step::Other),
            (1, entered("Both")),
            (2, Step::Started),
            (3, entered("Ask")),
            (4, Step::Scheduled),
            (5, Step::Other),
            (6, Step::Scheduled),
            (7, Step::Other),
            (8, Step::Failed),
            (9, Step::Started),
            (10, entered("Ask")),
            (11, Step::Scheduled),
            (12, Step::Other),
        ];
        let bill = Bill::of_history(events);
        let of = |name: &str| {
            let state = &bill.states[name];
            (state.entered, state.retried)
        };
        assert_eq!(of("Both"), (1, 1));
        assert_eq!(of("Ask"), (2, 1));
        assert_eq!(bill.transitions(), 5);
    }
}
