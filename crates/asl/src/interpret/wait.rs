//! Wait states.

use jiff::Timestamp;
use serde_json::Value;

use super::run::Flow;
use super::strand::{Activity, Strand};
use super::{Execution, TimerUse, quantity};
use crate::env::Fault;
use crate::machine::{Quantity, Source, State, Wait};

/// The longest wait in seconds, some 68 years: AWS counts it in 32 bits.
const LONGEST: i64 = i32::MAX as i64;

impl Execution {
    pub(super) fn wait(
        &mut self,
        strand: &mut Strand,
        state: &State,
        wait: &Wait,
    ) -> Result<Flow, Fault> {
        let until = match wait {
            Wait::Seconds(field) => {
                let input = self.effective_input(strand, state)?;
                let env = self.env(strand, &input);
                quantity::must_exist(field, &env)?;
                let seconds = quantity::seconds(field, &env)?;
                let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
                if seconds > LONGEST {
                    return Err(Fault::runtime("Wait state delay is too long."));
                }
                let delay = jiff::SignedDuration::from_secs(seconds);
                self.now.checked_add(delay).unwrap_or(Timestamp::MAX)
            }
            Wait::Timestamp(field) => self.timestamp(strand, state, field)?,
        };
        if until.as_second().saturating_sub(self.now.as_second()) > LONGEST {
            return Err(Fault::runtime("Wait state delay is too long."));
        }
        if until <= self.now {
            return self.complete(strand, state, None).map(Flow::Leave);
        }
        let timer = self.set_timer_at(until, TimerUse::Resume(strand.id));
        strand.activity = Activity::Wait {
            timer,
            retry: false,
        };
        Ok(Flow::Park)
    }

    fn timestamp(
        &self,
        strand: &mut Strand,
        state: &State,
        field: &Quantity,
    ) -> Result<Timestamp, Fault> {
        let input = self.effective_input(strand, state)?;
        let env = self.env(strand, &input);
        quantity::must_exist(field, &env)?;
        let found = quantity::value(field, &env)?;
        let text = found.as_str().unwrap_or_default();
        if let Some(time) = crate::parse::parse_timestamp(text) {
            return Ok(time);
        }
        let shown = match &found {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Err(match &field.source {
            Source::Path(path) => Fault::runtime(format!(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {} == {shown}",
                path.text()
            )),
            _ => {
                // Unlike other failed evaluations, this one follows the state's entry.
                strand.before = strand.entered;
                Fault::query(
                    format!(
                        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {shown}"
                    ),
                    "Timestamp",
                )
            }
        })
    }

    /// The time has come.
    pub(super) fn resume(&mut self, mut strand: Strand, retry: bool) {
        if retry {
            strand.activity = Activity::Again;
            self.make_ready(strand);
            return;
        }
        let program = std::sync::Arc::clone(&strand.program);
        if let Some(state) = strand.state(&program) {
            let flow = match self.complete(&strand, state, None) {
                Ok(leave) => Flow::Leave(leave),
                Err(fault) => Flow::Fail(self.fault(&mut strand, state, fault)),
            };
            self.follow(strand, state, flow);
        }
    }
}
