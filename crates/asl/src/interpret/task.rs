//! Task states.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;

use super::fail::Failure;
use super::run::{Flow, too_large};
use super::strand::{Activity, Strand, TaskRun};
use super::{Execution, TimerUse, quantity};
use crate::data::Data;
use crate::env::Fault;
use crate::history::{Details, ErrorDetails, Scheduled, TaskFailure, TaskKind};
use crate::machine::{Quantity, QueryLanguage, State, StateKind, Task};
use crate::port::{Action, FailedPhase, Pattern, Resource, StartTask, TaskId};

impl Resource {
    fn pattern(&self) -> Pattern {
        match self {
            Self::Lambda { .. } | Self::Activity { .. } => Pattern::RequestResponse,
            Self::Optimised { pattern, .. } | Self::Sdk { pattern, .. } => *pattern,
        }
    }

    fn kind(&self) -> TaskKind {
        let service = |resource_type: String, action: &str, pattern: Pattern| {
            let suffix = match pattern {
                Pattern::RequestResponse => "",
                Pattern::Sync => ".sync",
                Pattern::Sync2 => ".sync:2",
                Pattern::TaskToken => ".waitForTaskToken",
            };
            TaskKind::Service {
                resource: Arc::from(format!("{action}{suffix}")),
                resource_type: Arc::from(resource_type),
            }
        };
        match self {
            Self::Lambda { .. } => TaskKind::Lambda,
            Self::Activity { .. } => TaskKind::Activity,
            Self::Optimised {
                service: name,
                action,
                pattern,
            } => service(name.clone(), action, *pattern),
            Self::Sdk {
                service: name,
                action,
                pattern,
            } => service(format!("aws-sdk:{name}"), action, *pattern),
        }
    }
}

impl Execution {
    pub(super) fn task(
        &mut self,
        strand: &mut Strand,
        state: &State,
        task: &Task,
    ) -> Result<Flow, Fault> {
        let token = self.random.borrow_mut().token();
        if task.resource.pattern() != Pattern::RequestResponse {
            strand.token = Some(token.clone());
        }
        let parameters = self.arguments(strand, state)?;
        let knows = self.machine.integrations.as_deref();
        if let Some(why) = knows.and_then(|knows| knows.refusal(&task.resource, parameters.value()))
        {
            let field = match state.language {
                QueryLanguage::JsonPath => "Parameters",
                QueryLanguage::Jsonata => "Arguments",
            };
            return Err(Fault::runtime(format!(
                "The {field} '{}' could not be used to start the Task: [{why}]",
                parameters.text()
            )));
        }
        let parameters = started_by(&task.resource, parameters);
        let input = self.effective_input(strand, state)?;
        let env = self.env(strand, &input);
        let number = |field: &Option<Quantity>| {
            field
                .as_ref()
                .map(|field| quantity::seconds(field, &env))
                .transpose()
        };
        let timeout = number(&task.timeout)?;
        let heartbeat = number(&task.heartbeat)?;
        let credentials = match &task.credentials {
            Some(template) => template.evaluate(&env)?.get("RoleArn").cloned(),
            None => None,
        };
        let role_arn = credentials
            .as_ref()
            .and_then(Value::as_str)
            .map(str::to_owned);
        if let Some(given) = &credentials
            && !role_arn.as_deref().is_some_and(is_role)
        {
            // AWS's words are not known.
            return Err(Fault::runtime(format!(
                "The value of the field 'RoleArn' of Credentials is not the ARN of a role: {given}"
            )));
        }
        let kind = task.resource.kind();
        let id = TaskId(self.next_task);
        self.next_task += 1;
        self.tasks.insert(id, strand.id);
        let mut run = TaskRun {
            task: id,
            kind: kind.clone(),
            unscheduled: Some(Box::new(Scheduled {
                task: kind,
                arn: Arc::clone(&task.arn),
                parameters: parameters.slim(),
                region: Arc::clone(&self.region),
                timeout,
                heartbeat,
                role_arn: role_arn.clone(),
            })),
            timeout: None,
            heartbeat: None,
        };
        if !matches!(task.resource, Resource::Activity { .. }) {
            self.schedule(strand, &mut run);
        }
        self.actions.push(Action::StartTask(Box::new(StartTask {
            task: id,
            state: state.name.to_string(),
            resource: task.resource.clone(),
            parameters: parameters.value().clone(),
            token,
            credentials: role_arn,
        })));
        strand.activity = Activity::Task(Box::new(run));
        Ok(Flow::Park)
    }

    /// Notes that the task is scheduled, unless it was noted before, and lets its time run.
    fn schedule(&mut self, strand: &mut Strand, run: &mut TaskRun) {
        let Some(scheduled) = run.unscheduled.take() else {
            return;
        };
        let (timeout, heartbeat) = (scheduled.timeout, scheduled.heartbeat);
        strand.last = self.push(strand.last, Details::TaskScheduled(scheduled));
        run.timeout =
            timeout.map(|seconds| self.set_timer(seconds as f64, TimerUse::TaskTimeout(strand.id)));
        run.heartbeat = heartbeat.map(|seconds| {
            let timer = self.set_timer(seconds as f64, TimerUse::TaskHeartbeat(strand.id));
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            (timer, SignedDuration::from_secs(seconds))
        });
    }

    /// The activity is there: its task is scheduled.
    pub(super) fn task_scheduled(&mut self, task: TaskId) {
        if let Some((strand, run)) = self.take_task(task) {
            self.put_task(strand, run);
        }
    }

    /// The strand that waits for the task, taken out, if it still does. Whatever is told of a task
    /// but its refusal says that it is scheduled.
    pub(super) fn take_task(&mut self, task: TaskId) -> Option<(Strand, TaskRun)> {
        let (mut strand, mut run) = self.take_asked(task)?;
        self.schedule(&mut strand, &mut run);
        Some((strand, run))
    }

    /// [`take_task`](Self::take_task) of a task that need not be scheduled yet.
    fn take_asked(&mut self, task: TaskId) -> Option<(Strand, TaskRun)> {
        let id = *self.tasks.get(&task)?;
        let mut strand = self.strands.remove(&id)?;
        match std::mem::replace(&mut strand.activity, Activity::Enter) {
            Activity::Task(run) if run.task == task => Some((strand, *run)),
            other => {
                strand.activity = other;
                self.park(strand);
                None
            }
        }
    }

    pub(super) fn put_task(&mut self, mut strand: Strand, run: TaskRun) {
        strand.activity = Activity::Task(Box::new(run));
        self.park(strand);
    }

    /// The task's service answered for good: no more timers for it.
    fn settle(&mut self, run: &TaskRun) {
        self.tasks.remove(&run.task);
        if let Some(timer) = run.timeout {
            self.cancel_timer(timer);
        }
        if let Some((timer, _)) = run.heartbeat {
            self.cancel_timer(timer);
        }
    }

    /// The task is no longer waited for.
    pub(super) fn cancel_task(&mut self, run: &TaskRun) {
        self.settle(run);
        self.actions.push(Action::CancelTask { task: run.task });
    }

    pub(super) fn task_heartbeat(&mut self, task: TaskId) {
        let Some((strand, mut run)) = self.take_task(task) else {
            return;
        };
        if let Some((timer, every)) = run.heartbeat {
            self.cancel_timer(timer);
            let timer = self.set_timer(every.as_secs() as f64, TimerUse::TaskHeartbeat(strand.id));
            run.heartbeat = Some((timer, every));
        }
        self.put_task(strand, run);
    }

    pub(super) fn task_succeeded(&mut self, task: TaskId, output: &str) {
        let Some((mut strand, run)) = self.take_task(task) else {
            return;
        };
        self.settle(&run);
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        if output.len() > self.limits.payload_bytes {
            let who = match (&run.kind, &state.kind) {
                (TaskKind::Service { resource_type, .. }, _) => resource_type.to_string(),
                (_, StateKind::Task(task)) => task.arn.to_string(),
                _ => state.name.to_string(),
            };
            let failure = Failure::named("States.DataLimitExceeded", too_large(&who));
            self.end_task(strand, state, run.kind, TaskFailure::Failed, failure);
            return;
        }
        // What is not JSON is taken as text.
        let output =
            Data::from_text(output).unwrap_or_else(|_| Data::new(Value::String(output.to_owned())));
        strand.last = self.push(
            strand.last,
            Details::TaskSucceeded {
                task: run.kind,
                output: output.slim(),
            },
        );
        let flow = match self.complete(&strand, state, Some(&output)) {
            Ok(leave) => Flow::Leave(leave),
            Err(fault) => Flow::Fail(self.fault(&mut strand, state, fault)),
        };
        self.follow(strand, state, flow);
    }

    pub(super) fn task_failed(
        &mut self,
        task: TaskId,
        phase: FailedPhase,
        error: Option<String>,
        cause: Option<String>,
    ) {
        if phase == FailedPhase::Refused {
            if let Some((strand, run)) = self.take_asked(task) {
                self.settle(&run);
                self.refused(strand, cause.unwrap_or_default());
            }
            return;
        }
        let Some((strand, run)) = self.take_task(task) else {
            return;
        };
        self.settle(&run);
        let how = match phase {
            FailedPhase::Start => TaskFailure::StartFailed,
            FailedPhase::Submit => TaskFailure::SubmitFailed,
            FailedPhase::Refused | FailedPhase::Run => TaskFailure::Failed,
        };
        let program = Arc::clone(&strand.program);
        if let Some(state) = strand.state(&program) {
            self.end_task(strand, state, run.kind, how, Failure::new(error, cause));
        }
    }

    fn refused(&mut self, mut strand: Strand, cause: String) {
        let program = Arc::clone(&strand.program);
        if let Some(state) = strand.state(&program) {
            let failure = self.fault(&mut strand, state, Fault::Runtime(cause));
            self.fail(strand, state, failure);
        }
    }

    /// A time-out or a missed heartbeat.
    pub(super) fn task_timed_out(&mut self, mut strand: Strand, heartbeat: bool) {
        let Activity::Task(run) = std::mem::replace(&mut strand.activity, Activity::Enter) else {
            self.park(strand);
            return;
        };
        self.cancel_task(&run);
        let mut failure = Failure::new(Some("States.Timeout".to_owned()), None);
        failure.heartbeat = heartbeat;
        let program = Arc::clone(&strand.program);
        if let Some(state) = strand.state(&program) {
            self.end_task(strand, state, run.kind, TaskFailure::TimedOut, failure);
        }
    }

    fn end_task(
        &mut self,
        mut strand: Strand,
        state: &State,
        task: TaskKind,
        how: TaskFailure,
        failure: Failure,
    ) {
        let details = ErrorDetails {
            error: failure.error.clone(),
            cause: failure.cause.clone(),
        };
        strand.last = self.push(
            strand.last,
            Details::TaskEnded {
                task: Box::new(task),
                how,
                details,
            },
        );
        self.fail(strand, state, failure);
    }
}

/// `arn:aws:iam::123456789012:role/…`.
fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    parts.next() == Some("arn")
        && parts.nth(1) == Some("iam")
        && parts
            .nth(2)
            .is_some_and(|resource| resource.starts_with("role/"))
}

/// `.sync` on ECS tells the task who started it.
fn started_by(resource: &Resource, parameters: Data) -> Data {
    match (resource, parameters.value()) {
        (
            Resource::Optimised {
                service,
                pattern: Pattern::Sync,
                ..
            },
            Value::Object(members),
        ) if service == "ecs" && !members.contains_key("StartedBy") => {
            let mut members = members.clone();
            members.insert("StartedBy".to_owned(), "AWS Step Functions".into());
            Data::new(Value::Object(members))
        }
        _ => parameters,
    }
}
