//! The bill of an execution by its history, and by those of the children of its distributed Maps.

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType as Type};
use cases::{Bill, Step};
use tokio::task::JoinSet;

use crate::failure::{Failure, Result};
use crate::target::Target;
use crate::traced;
use crate::watch;

/// Histories of children that are read at the same time.
const AT_ONCE: usize = 8;

/// A bill, and how much of it was counted.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// The bill. Children that were not read are taken to be like those that were.
    pub bill: Bill,
    /// Children of distributed Maps.
    pub children: usize,
    /// Those whose history was read.
    pub read: usize,
    /// Whether the execution is over.
    pub ended: bool,
}

/// Reads an execution; of each of its distributed Maps so many children.
pub async fn execution(target: &Target, arn: &str, most: usize) -> Result<Measured> {
    if arn.contains(":express:") {
        return Err(Failure::new("Express executions have no history to read")
            .help("their logs and StartSyncExecution say what was billed; or take a case"));
    }
    let events = watch::events_after(target, arn, 0).await?;
    let last = events.last().map(|event| event.r#type().clone());
    let mut measured = Measured {
        bill: bill(&events),
        ended: matches!(
            last,
            Some(
                Type::ExecutionSucceeded
                    | Type::ExecutionFailed
                    | Type::ExecutionTimedOut
                    | Type::ExecutionAborted
            )
        ),
        ..Measured::default()
    };
    let started = events.iter().filter_map(|event| {
        let started = event.map_run_started_event_details()?;
        started.map_run_arn().map(str::to_owned)
    });
    for map_run in started {
        children(target, &map_run, most, &mut measured).await?;
    }
    Ok(measured)
}

async fn children(
    target: &Target,
    map_run: &str,
    most: usize,
    measured: &mut Measured,
) -> Result<()> {
    let found = traced::children(target, map_run, None).await?;
    measured.children += found.len();
    let (express, standard): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|child| child.execution_arn().contains(":express:"));
    // When they began and ended is all that is billed of them.
    measured.read += express.len();
    measured
        .bill
        .express
        .extend(express.iter().filter_map(|child| {
            let ended = child.stop_date()?.as_secs_f64();
            Some((ended - child.start_date().as_secs_f64()).max(0.0))
        }));
    let mut bill = Bill::default();
    let to_read: Vec<_> = standard.iter().take(most).collect();
    for group in to_read.chunks(AT_ONCE) {
        let mut reading = JoinSet::new();
        for child in group {
            let (target, arn) = (target.clone(), child.execution_arn().to_owned());
            reading.spawn(async move { watch::events_after(&target, &arn, 0).await });
        }
        while let Some(read) = reading.join_next().await {
            let read = read.map_err(|error| Failure::new(format!("a read failed: {error}")))?;
            bill.add(&self::bill(&read?));
        }
    }
    measured.read += to_read.len();
    scale(&mut bill, to_read.len(), standard.len());
    measured.bill.add(&bill);
    Ok(())
}

/// Takes what was read for all.
fn scale(bill: &mut Bill, read: usize, all: usize) {
    let (Ok(read), Ok(all)) = (u64::try_from(read), u64::try_from(all)) else {
        return;
    };
    if read == 0 || read == all {
        return;
    }
    let scaled = |count: u64| count.saturating_mul(all) / read;
    for state in bill.states.values_mut() {
        state.entered = scaled(state.entered);
        state.retried = scaled(state.retried);
    }
    bill.standard = all;
}

fn bill(events: &[HistoryEvent]) -> Bill {
    let steps = events.iter().map(|event| {
        let previous = u64::try_from(event.previous_event_id()).unwrap_or(0);
        (previous, step(event))
    });
    Bill::of_history(steps)
}

fn step(event: &HistoryEvent) -> Step {
    if let Some(entered) = event.state_entered_event_details() {
        return Step::Entered(entered.name().to_owned());
    }
    match event.r#type() {
        Type::TaskScheduled | Type::LambdaFunctionScheduled | Type::ActivityScheduled => {
            Step::Scheduled
        }
        Type::MapStateStarted | Type::ParallelStateStarted => Step::Started,
        Type::MapStateFailed | Type::ParallelStateFailed => Step::Failed,
        _ => Step::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_that_were_not_read_count_like_those_that_were() {
        let entered = |name: &str| (0, Step::Entered(name.to_owned()));
        let mut bill = Bill::of_history([entered("A"), entered("B")]);
        scale(&mut bill, 1, 500);
        assert_eq!((bill.transitions(), bill.standard), (1000, 500));
    }
}
