//! Step Functions: state machines, executions, activities; the host of the interpreter in `asl`.
//!
//! # Layout
//! - `operations/`: the API, a file an operation.
//! - `machine`, `execution`, `activity`, `map_run/`: what is stored.
//! - `runner/`: carries out what executions ask for ([`asl::Action`]) and tells them what happened
//!   ([`asl::Signal`]); keeps the journal from which a killed process goes on.
//! - `tasks/`: the integrations, a file each.
//! - `delivery/`: history to CloudWatch Logs, status changes to EventBridge, figures to CloudWatch.
//!
//! What a state means, which events it writes and what it does next is the interpreter's business
//! and not found here.

mod activity;
mod arn;
mod cache;
mod configuration;
mod definition;
mod delivery;
mod errors;
mod execution;
mod input;
mod json_text;
mod machine;
mod map_run;
mod operations;
mod page;
mod request;
mod routing;
mod runner;
mod tagging;
mod tags;
mod tasks;
mod test_state;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

use crate::outside::Outside;
use crate::{Aws, AwsError, Call, Reply, Service};

use activity::Activities;
use delivery::Deliveries;
use execution::Executions;
use machine::Machines;
use map_run::MapRuns;
use runner::Runner;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(StepFunctions(Arc::new(States::open(aws))))
}

struct StepFunctions(Arc<States>);

#[async_trait]
impl Service for StepFunctions {
    fn name(&self) -> &'static str {
        "stepfunctions"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        operations::run(&self.0, &call).await.map(Reply::from)
    }

    fn written(&self, call: &Call) -> Option<Result<Bytes, AwsError>> {
        operations::written(&self.0, call)
    }

    fn start(self: Arc<Self>) {
        self.0.begin();
    }
}

/// Everything the service keeps.
struct States {
    aws: Aws,
    machines: Machines,
    executions: Executions,
    activities: Activities,
    map_runs: MapRuns,
    runner: Runner,
    deliveries: Deliveries,
    /// Services that are embedded, and those that are called elsewhere.
    outside: Outside,
    creating: Mutex<()>,
    order: AtomicU64,
}

impl States {
    fn open(aws: &Aws) -> Self {
        let store = aws.store();
        Self {
            aws: aws.clone(),
            machines: Machines::open(store),
            executions: Executions::open(store),
            activities: Activities::open(store),
            map_runs: MapRuns::open(store),
            runner: Runner::open(store),
            deliveries: Deliveries::default(),
            outside: Outside::from_environment(aws),
            creating: Mutex::new(()),
            order: AtomicU64::new(0),
        }
    }

    /// A number from 0 to 99, for the routing of aliases.
    fn dice(&self) -> u64 {
        self.aws.ids().u64() % 100
    }

    /// Orders executions that start in the same millisecond.
    fn next_order(&self) -> u64 {
        self.order.fetch_add(1, Ordering::Relaxed)
    }

    fn creating(&self) -> MutexGuard<'_, ()> {
        self.creating.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
