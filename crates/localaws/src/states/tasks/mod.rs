//! The integrations: what a Task state calls, and how the answer becomes its result.

mod api;
mod api_gateway;
mod aws_sdk;
mod bedrock;
mod call;
mod events;
mod failure;
mod http;
mod jobs;
mod lambda;
mod optimised;
mod sdk_metadata;
mod start_execution;

use std::sync::Arc;

use asl::{FailedPhase, Pattern, Resource, Signal, StartTask};

use super::States;
use super::runner::{Progress, Running};
use failure::Failure;
pub(super) use http::Exchange;

/// A task on its way through an integration.
struct Task {
    states: Arc<States>,
    running: Arc<Running>,
    asked: StartTask,
    progress: Progress,
}

/// Runs a task to its end, or to the point from which something outside ends it.
pub(super) async fn run(
    states: Arc<States>,
    running: Arc<Running>,
    asked: StartTask,
    progress: Progress,
) {
    let task = Task {
        states,
        running,
        asked,
        progress,
    };
    task.run().await;
}

impl Task {
    async fn run(self) {
        let pattern = match &self.asked.resource {
            Resource::Lambda { .. } | Resource::Activity { .. } => Pattern::RequestResponse,
            Resource::Optimised { pattern, .. } | Resource::Sdk { pattern, .. } => *pattern,
        };
        if !self.progress.started {
            self.tell(Signal::TaskStarted {
                task: self.asked.task,
                worker: None,
            });
        }
        let accepted = match self.progress.submitted.clone() {
            Some(output) => Ok(output),
            None => self.call().await,
        };
        let output = match accepted {
            Ok(output) => output,
            Err(failure) => {
                let phase = match pattern {
                    _ if failure.refused => FailedPhase::Refused,
                    Pattern::RequestResponse => FailedPhase::Run,
                    _ => FailedPhase::Submit,
                };
                return self.fail(phase, failure);
            }
        };
        if pattern == Pattern::RequestResponse {
            return self.succeed(output);
        }
        if self.progress.submitted.is_none() {
            self.tell(Signal::TaskSubmitted {
                task: self.asked.task,
                output: output.clone(),
            });
        }
        if pattern == Pattern::TaskToken {
            return;
        }
        match self.wait_for_job(&output, pattern).await {
            Ok(output) => self.succeed(output),
            Err(failure) => self.fail(FailedPhase::Run, failure),
        }
    }

    /// Makes the call and returns its answer as JSON text.
    async fn call(&self) -> Result<String, Failure> {
        match &self.asked.resource {
            Resource::Lambda { arn } => lambda::invoke_directly(self, arn).await,
            Resource::Optimised {
                service,
                action,
                pattern,
            } => match (service.as_str(), action.as_str()) {
                ("lambda", "invoke") => lambda::invoke(self).await,
                ("events", "putEvents") => events::put_events(self).await,
                ("http", "invoke") => http::invoke(self).await,
                ("bedrock", "invokeModel") => bedrock::invoke_model(self).await,
                ("apigateway", "invoke") => api_gateway::invoke(self).await,
                ("states", "startExecution") => start_execution::start(self).await,
                _ => optimised::call(self, service, action, *pattern).await,
            },
            Resource::Sdk {
                service, action, ..
            } => aws_sdk::call(self, service, action).await,
            Resource::Activity { arn } => Err(Failure::not_built("activity", arn)),
        }
    }

    /// Waits for the end of a job that the call started (`.sync`).
    async fn wait_for_job(&self, accepted: &str, pattern: Pattern) -> Result<String, Failure> {
        match &self.asked.resource {
            Resource::Optimised {
                service, action, ..
            } => jobs::wait(self, (service, action), accepted, pattern).await,
            _ => Err(Failure::not_built("aws-sdk", "sync")),
        }
    }

    /// Whether the execution still waits for the task.
    fn is_awaited(&self) -> bool {
        let state = self.running.lock();
        state.tasks.contains(&self.asked.task)
    }

    fn succeed(&self, output: String) {
        self.tell(Signal::TaskSucceeded {
            task: self.asked.task,
            output,
        });
    }

    fn fail(&self, phase: FailedPhase, failure: Failure) {
        self.tell(Signal::TaskFailed {
            task: self.asked.task,
            phase,
            error: Some(failure.error),
            cause: Some(failure.cause),
        });
    }

    fn tell(&self, signal: Signal) {
        self.states.tell(&self.running, signal);
    }
}
