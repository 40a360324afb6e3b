//! The AWS calls that the functions make, as small traits; [`Aws`] makes them, a twin in memory serves the tests.

mod api;
mod attributes;
mod aws;
mod containers;
mod files;
#[cfg(test)]
pub(crate) mod memory;
mod runs;
mod table;

use std::future::Future;

use serde_json::Value;

pub use aws::Aws;

use crate::Error;
use crate::lock::{Lock, Waiter};

/// The lock and the queue of the job.
pub trait Locks: Sync {
    /// The lock as it is; one that was never taken is the default.
    fn lock(&self, table: &str) -> impl Future<Output = Result<Lock, Error>> + Send;
    /// Writes the lock if its version is still this one; false if somebody was quicker.
    fn swap(
        &self,
        table: &str,
        version: u64,
        lock: &Lock,
    ) -> impl Future<Output = Result<bool, Error>> + Send;
    /// Deletes a lock that no other run can want.
    fn drop_lock(&self, table: &str, key: &str) -> impl Future<Output = Result<(), Error>> + Send;
    /// The run that is first in the queue.
    fn first_waiter(
        &self,
        table: &str,
    ) -> impl Future<Output = Result<Option<Waiter>, Error>> + Send;
    /// The run with this key in the queue.
    fn waiter(
        &self,
        table: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<Waiter>, Error>> + Send;
    /// Puts a run into the queue, or gives it another token.
    fn put_waiter(
        &self,
        table: &str,
        waiter: &Waiter,
    ) -> impl Future<Output = Result<(), Error>> + Send;
    /// Takes a run out of the queue.
    fn delete_waiter(
        &self,
        table: &str,
        key: &str,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The history, and what is remembered from run to run.
pub trait Notes: Sync {
    /// Writes a row; with `only_new`, only if there is none. Says whether it was written.
    fn put_row(
        &self,
        table: &str,
        row: &Value,
        only_new: bool,
    ) -> impl Future<Output = Result<bool, Error>> + Send;
    /// A row.
    fn row(
        &self,
        table: &str,
        pk: &str,
        sk: &str,
    ) -> impl Future<Output = Result<Option<Value>, Error>> + Send;
}

/// Executions of the state machine.
pub trait Runs: Sync {
    /// Status of an execution; none if AWS does not know it any more.
    fn status(&self, arn: &str) -> impl Future<Output = Result<Option<String>, Error>> + Send;
    /// Stops an execution.
    fn stop_run(
        &self,
        arn: &str,
        error: &str,
        cause: &str,
    ) -> impl Future<Output = Result<(), Error>> + Send;
    /// Hands a result to a run that waits for it; false if it does not wait any more.
    fn wake(&self, token: &str, output: &Value)
    -> impl Future<Output = Result<bool, Error>> + Send;
}

/// Tasks of ECS, as its API shows them.
pub trait Tasks: Sync {
    /// ARNs of the tasks of a family, running or stopped a short time ago.
    fn list(
        &self,
        cluster: &str,
        family: &str,
    ) -> impl Future<Output = Result<Vec<String>, Error>> + Send;
    /// Tasks by ARN; those that are gone are left out.
    fn describe(
        &self,
        cluster: &str,
        tasks: &[String],
    ) -> impl Future<Output = Result<Vec<Value>, Error>> + Send;
    /// Stops a task.
    fn stop_task(
        &self,
        cluster: &str,
        task: &str,
        reason: &str,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The tasks of a group: those of one run have the group of the run, or, in an array, that and an index.
pub(crate) async fn group(
    port: &impl Tasks,
    cluster: &str,
    families: &[String],
    group: &str,
) -> Result<Vec<Value>, Error> {
    let mut arns = Vec::new();
    for family in families {
        arns.extend(port.list(cluster, family).await?);
    }
    let mut tasks = port.describe(cluster, &arns).await?;
    let of_array = format!("{group}:");
    tasks.retain(|task| {
        let its = task["group"].as_str().unwrap_or_default();
        its == group || its.starts_with(&of_array)
    });
    Ok(tasks)
}

/// Whether one of these tasks can still have a running container.
pub(crate) fn any_lives(tasks: &[Value]) -> bool {
    tasks.iter().any(|task| task["lastStatus"] != "STOPPED")
}

/// Task definitions, as the API shows them, and the images that they name.
pub trait Definitions: Sync {
    /// A task definition by family or ARN; none if there is none.
    fn definition(&self, name: &str) -> impl Future<Output = Result<Option<Value>, Error>> + Send;
    /// Registers a revision and answers its ARN.
    fn register(&self, definition: &Value) -> impl Future<Output = Result<String, Error>> + Send;
    /// Digest of a tagged image in a repository of this region; none if there is no such image.
    fn digest(
        &self,
        registry: &str,
        repository: &str,
        tag: &str,
    ) -> impl Future<Output = Result<Option<String>, Error>> + Send;
}

/// Logs of containers.
pub trait Tails: Sync {
    /// The last lines of a stream, the oldest first; none if there is no such stream.
    fn tail(
        &self,
        group: &str,
        stream: &str,
        lines: u32,
    ) -> impl Future<Output = Result<Vec<String>, Error>> + Send;
}

/// The event bus.
pub trait Events: Sync {
    /// Publishes an event.
    fn publish(&self, entry: &Value) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The bucket.
pub trait Files: Sync {
    /// Writes a file.
    fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
    ) -> impl Future<Output = Result<(), Error>> + Send;
    /// Reads a file; none if there is none.
    fn get(
        &self,
        bucket: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send;
    /// Keys that begin so.
    fn keys(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> impl Future<Output = Result<Vec<String>, Error>> + Send;
}
