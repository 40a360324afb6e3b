//! `.sync`: waiting for the end of a job that a task started, and stopping it when nobody waits
//! any more.
//!
//! The embedded services send word when a job changes; services elsewhere are asked again on the
//! clock. What a job became is in either case what its service's `Describe` answers.

mod ecs;
mod follow;
mod kinds;

use asl::Pattern;
use serde_json::Value;

use super::Task;
use super::failure::Failure;
use super::start_execution;

/// Waits for the end of the job and returns the task's result.
pub(super) async fn wait(
    task: &Task,
    (service, action): (&str, &str),
    accepted: &str,
    pattern: Pattern,
) -> Result<String, Failure> {
    match (service, action) {
        ("states", "startExecution") => start_execution::wait(task, accepted, pattern).await,
        _ => {
            let accepted: Value = serde_json::from_str(accepted).unwrap_or_default();
            match kinds::of(service, action) {
                Some(kind) => follow::follow(task, kind, &accepted).await,
                None => Err(Failure::not_built(service, &format!("{action}.sync"))),
            }
        }
    }
}
