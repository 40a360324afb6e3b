//! What AWS bills of Standard executions: a state transition for each state that is entered, and
//! one for each retry (<https://aws.amazon.com/step-functions/pricing/>).

use asl::{Details, Execution, Kind};

/// Billed state transitions of executions.
pub(crate) fn transitions(executions: &[Execution]) -> usize {
    executions.iter().map(of_one).sum()
}

fn of_one(execution: &Execution) -> usize {
    let kind = execution.start_parameters().kind;
    assert_eq!(
        kind,
        Kind::Standard,
        "Express executions are billed by time"
    );
    let events = execution.events();
    let billed = events.iter().filter(|event| match event.details {
        Details::StateEntered { .. } => true,
        // The first try follows the entering of its state, each other one a failure.
        Details::TaskScheduled(_)
        | Details::MapStateStarted { .. }
        | Details::ParallelStateStarted => {
            let before = usize::try_from(event.previous_id).unwrap() - 1;
            !matches!(events[before].details, Details::StateEntered { .. })
        }
        _ => false,
    });
    billed.count()
}
