//! Plays the cases of a workflow, on all processors: a case knows nothing of the others.

use std::num::NonZero;
use std::thread;

use cases::{Case, Fault, Options, Run, Suite};

use crate::failure::{Failure, Result};

/// Fewer cases are not worth a thread.
const WORTH_A_THREAD: usize = 16;
/// That of a main thread: definitions and values nest deep.
const STACK: usize = 8 << 20;

/// The runs, in the order of the cases, and what keeps cases from being played.
pub fn play(suite: &Suite, options: Options) -> Result<(Vec<Run>, Vec<Fault>)> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share = suite.cases.len().div_ceil(processors).max(WORTH_A_THREAD);
    let one = |cases: &[Case]| {
        let played = cases
            .iter()
            .map(|case| Run::of(&suite.workflow, case, options));
        played.collect::<Vec<_>>()
    };
    let one = &one;
    let played = thread::scope(|scope| {
        let shares = suite.cases.chunks(share);
        let threads = shares.map(|cases| {
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, move || one(cases))
        });
        let threads: Vec<_> = threads
            .collect::<Result<_, _>>()
            .map_err(|error| Failure::io("start a thread", &error))?;
        let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ended
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Failure::new("a thread that played cases broke down"))
    })?;
    let (mut runs, mut faults) = (Vec::new(), Vec::new());
    for run in played.into_iter().flatten() {
        match run {
            Ok(run) => runs.push(run),
            Err(more) => faults.extend(more),
        }
    }
    Ok((runs, faults))
}
