//! Failures: retried, caught, or handed to whoever waits.

use std::sync::Arc;

use serde_json::json;

use super::output::{assign, result_path};
use super::run::Leave;
use super::strand::{Activity, Strand};
use super::{Execution, TimerUse};
use crate::data::Data;
use crate::env::Fault;
use crate::history::Details;
use crate::machine::{Catcher, Fail, QueryLanguage, Retrier, Source, State, StateKind};
use crate::port::Outcome;

/// The longest pause before a retry, in seconds: 366 days.
const LONGEST_PAUSE: f64 = 31_622_400.0;

/// Why a state failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
    /// Ends the execution: neither retried nor caught.
    pub(super) fatal: bool,
    /// A missed heartbeat, which is a `States.Timeout` with another name.
    pub(super) heartbeat: bool,
}

impl Failure {
    pub(super) fn new(error: Option<String>, cause: Option<String>) -> Self {
        Self {
            error,
            cause,
            fatal: false,
            heartbeat: false,
        }
    }

    pub(super) fn named(error: &str, cause: String) -> Self {
        Self::new(Some(error.to_owned()), Some(cause))
    }

    pub(super) fn fatal(error: &str, cause: String) -> Self {
        Self {
            fatal: true,
            ..Self::named(error, cause)
        }
    }

    fn is(&self, error: &str) -> bool {
        self.error.as_deref() == Some(error)
    }

    pub(super) fn matches(&self, names: &[String]) -> bool {
        names.iter().any(|name| match name.as_str() {
            "States.ALL" => true,
            "States.TaskFailed" => {
                !self.is("States.Timeout") && !self.is("States.QueryEvaluationError")
            }
            "States.HeartbeatTimeout" => self.heartbeat || self.is(name),
            name => self.is(name),
        })
    }

    /// What a catcher gets.
    fn output(&self) -> Data {
        let cause = match &self.cause {
            // A time-out has no cause in its event, and an empty one here.
            None if self.is("States.Timeout") => Some(""),
            cause => cause.as_deref(),
        };
        Data::new(json!({"Error": self.error, "Cause": cause}))
    }
}

impl Execution {
    /// A fault of an expression, with AWS's opening words and, for JSONata, its event.
    pub(super) fn fault(&mut self, strand: &mut Strand, state: &State, fault: Fault) -> Failure {
        let explain = |cause: &str| {
            format!(
                "An error occurred while executing the state '{}' (entered at the event id #{}). {cause}",
                state.name, strand.entered
            )
        };
        match fault {
            Fault::Runtime(cause) => Failure::fatal("States.Runtime", explain(&cause)),
            Fault::Named { error, cause } => Failure::named(error, explain(&cause)),
            Fault::Query { cause, location } => {
                let cause = explain(&cause);
                strand.last = self.push(
                    strand.before,
                    Details::EvaluationFailed {
                        state: Arc::clone(&state.name),
                        cause: cause.as_str().into(),
                        location,
                    },
                );
                Failure::named("States.QueryEvaluationError", cause)
            }
        }
    }

    /// A Fail state.
    pub(super) fn raise(&mut self, strand: &Strand, fail: &Fail) -> Result<Failure, Fault> {
        let env = self.env(strand, &strand.input);
        let text = |source: &Option<Source>, field: &str| -> Result<Option<String>, Fault> {
            let value = match source {
                None => return Ok(None),
                Some(Source::Literal(value)) => value.clone(),
                Some(Source::Template(template)) => template.evaluate(&env)?,
                Some(Source::Path(path)) => path.select_for_field(&env, field)?,
            };
            match value {
                serde_json::Value::String(text) => Ok(Some(text)),
                other => {
                    let cause = format!(
                        "The value of the field '{field}' must be a string but was: {other}"
                    );
                    Err(match source {
                        Some(Source::Template(template)) => match template.expression() {
                            Some(expression) => expression.wrong_type("string", &other),
                            None => Fault::runtime(cause),
                        },
                        _ => Fault::runtime(cause),
                    })
                }
            }
        };
        let error = text(&fail.error, "ErrorPath")?;
        Ok(Failure::new(error, text(&fail.cause, "CausePath")?))
    }

    /// A state failed: `strand.last` is the event that says so.
    pub(super) fn fail(&mut self, mut strand: Strand, state: &State, failure: Failure) {
        if failure.fatal {
            let last = strand.last;
            self.bury_failed(strand);
            self.end_failed(&failure, last);
            return;
        }
        if let Some(seconds) = self.pause(&mut strand, state, &failure) {
            self.forget_graves(strand.id);
            let timer = self.set_timer(seconds, TimerUse::Resume(strand.id));
            strand.activity = Activity::Wait { timer, retry: true };
            self.park(strand);
            return;
        }
        if matches!(state.kind, StateKind::Map(_) | StateKind::Parallel(_)) {
            let state_type = state.kind.name();
            strand.last = self.push(strand.last, Details::StateFailed { state_type });
        }
        let catcher = state
            .catch
            .iter()
            .find(|catcher| failure.matches(&catcher.errors));
        let Some(catcher) = catcher else {
            self.hand_up(strand, state, failure);
            return;
        };
        match self.caught(&strand, state, catcher, &failure) {
            Ok(leave) => {
                self.forget_graves(strand.id);
                strand.activity = Activity::Enter;
                self.leave(strand, state, leave);
            }
            Err(fault) => {
                let failure = self.fault(&mut strand, state, fault);
                self.hand_up(strand, state, failure);
            }
        }
    }

    /// Seconds until the next try, if a retrier grants one.
    fn pause(&mut self, strand: &mut Strand, state: &State, failure: &Failure) -> Option<f64> {
        let (index, retrier) = state
            .retry
            .iter()
            .enumerate()
            .find(|(_, retrier)| failure.matches(&retrier.errors))?;
        strand.attempts.resize(state.retry.len(), 0);
        let attempts = strand.attempts.get_mut(index)?;
        if *attempts >= retrier.max_attempts {
            return None;
        }
        let seconds = delay(retrier, *attempts);
        *attempts += 1;
        strand.retry_count += 1;
        Some(if retrier.jitter {
            seconds * self.random.borrow_mut().unit()
        } else {
            seconds
        })
    }

    pub(super) fn caught(
        &self,
        strand: &Strand,
        state: &State,
        catcher: &Catcher,
        failure: &Failure,
    ) -> Result<Leave, Fault> {
        let error = failure.output();
        let (output, assigned) = match state.language {
            QueryLanguage::Jsonata => {
                let mut env = self.env(strand, &strand.input);
                env.error_output = Some(&error);
                let output = match &catcher.output {
                    Some(template) => Data::new(template.evaluate(&env)?),
                    None => error.clone(),
                };
                (output, assign(&catcher.assign, &env)?)
            }
            QueryLanguage::JsonPath => {
                let assigned = assign(&catcher.assign, &self.env(strand, &error))?;
                let output = result_path(&strand.input, &catcher.result_path, error)?;
                (output, assigned)
            }
        };
        Ok(Leave {
            output,
            assigned,
            next: Some(catcher.next),
        })
    }

    fn hand_up(&mut self, strand: Strand, state: &State, failure: Failure) {
        let (parent, last) = (strand.parent, strand.last);
        self.bury_failed(strand);
        match parent {
            Some((parent, index)) if !failure.fatal => {
                let failed = (state.kind.name(), failure);
                self.child_failed(parent, index, failed, last);
            }
            _ => self.end_failed(&failure, last),
        }
    }

    fn end_failed(&mut self, failure: &Failure, last: u64) {
        let outcome = Outcome::Failed {
            error: failure.error.clone(),
            cause: failure.cause.clone(),
        };
        self.finish(outcome, last);
    }
}

pub(super) fn delay(retrier: &Retrier, attempts: u64) -> f64 {
    let exponent = i32::try_from(attempts).unwrap_or(i32::MAX);
    let seconds = retrier.interval * retrier.backoff.powi(exponent);
    seconds
        .min(retrier.max_delay.unwrap_or(LONGEST_PAUSE))
        .min(LONGEST_PAUSE)
}
