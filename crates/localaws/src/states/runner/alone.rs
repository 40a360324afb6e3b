//! Executions that nobody lists: states that are tested by themselves.

use std::sync::Arc;

use asl::StateMachine;
use serde_json::{Map, Value};

use super::super::States;
use super::super::execution::Execution;
use super::interpreter::Interpreter;
use super::{Running, running};

impl States {
    /// Runs a machine that is not stored, with some variables set.
    pub(in super::super) fn run_alone(
        self: &Arc<Self>,
        row: Execution,
        program: Arc<StateMachine>,
        variables: &Map<String, Value>,
    ) -> Arc<Running> {
        let start = running::start(&row);
        let started = row.started;
        let (machine, actions) =
            asl::Execution::start_among(Arc::clone(&program), start, variables, started);
        // It cannot be made again from a definition that is not stored, so it never rests.
        let machine = Interpreter::new(machine, None);
        let running = Running::new(Arc::new(row), program, machine, None);
        let running = Arc::new(running.traced());
        let live = Arc::clone(&running);
        self.runner.live().insert(Arc::clone(&running.arn), live);
        let (states, job) = (Arc::clone(self), Arc::clone(&running));
        self.aws.spawn(async move { states.drive(&job, actions) });
        running
    }
}
