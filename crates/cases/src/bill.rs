//! What AWS bills of Standard executions: a state transition for each state that is entered, and
//! one for each retry (<https://aws.amazon.com/step-functions/pricing/>).

use asl::{Details, Execution, Kind};

/// Billed state transitions of executions and of their children. Express executions have none:
/// they are billed by time and memory.
pub(crate) fn transitions(executions: &[Execution]) -> u64 {
    executions.iter().map(of_one).sum()
}

fn of_one(execution: &Execution) -> u64 {
    if execution.start_parameters().kind == Kind::Express {
        return 0;
    }
    let events = execution.events();
    let entered = |id: u64| {
        let index = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
        let event = index.and_then(|index| events.get(index));
        event.is_some_and(|event| matches!(event.details, Details::StateEntered { .. }))
    };
    let billed = events.iter().filter(|event| match event.details {
        Details::StateEntered { .. } => true,
        // The first try follows the entering of its state, each other one a failure.
        Details::TaskScheduled(_)
        | Details::MapStateStarted { .. }
        | Details::ParallelStateStarted => !entered(event.previous_id),
        _ => false,
    });
    billed.count() as u64
}
