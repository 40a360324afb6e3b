//! Choice states.

use serde_json::Value;

use super::Execution;
use super::compare::holds;
use super::output::assign;
use super::run::{Flow, Leave};
use super::strand::Strand;
use crate::data::Data;
use crate::env::{Env, Fault};
use crate::machine::{Choice, Condition, PathField, State};

impl Execution {
    pub(super) fn choose(
        &mut self,
        strand: &Strand,
        state: &State,
        choice: &Choice,
    ) -> Result<Flow, Fault> {
        let input = self.effective_input(strand, state)?;
        let env = self.env(strand, &input);
        for rule in &choice.rules {
            if !met(&rule.condition, &env)? {
                continue;
            }
            let assigned = assign(&rule.assign, &env)?;
            let output = match (&rule.output, &state.paths.output) {
                (Some(template), _) => Data::new(template.evaluate(&env)?),
                (None, PathField::Whole) => input.clone(),
                (None, PathField::Null) => Data::new(serde_json::json!({})),
                (None, PathField::Path(path)) => Data::new(path.select_plain(&env)?),
            };
            return Ok(Flow::Leave(Leave {
                output,
                assigned,
                next: Some(rule.next),
            }));
        }
        let Some(default) = choice.default else {
            // AWS says `States.Runtime`, not the `States.NoChoiceMatched` of the specification.
            return Err(Fault::runtime(
                "Failed to transition out of the state. The state does not point to a next state.",
            ));
        };
        let mut leave = self.complete(strand, state, None)?;
        leave.next = Some(default);
        Ok(Flow::Leave(leave))
    }
}

fn met(condition: &Condition, env: &Env<'_>) -> Result<bool, Fault> {
    match condition {
        Condition::Template(template) => match template.evaluate(env)? {
            Value::Bool(met) => Ok(met),
            other => Err(match template.expression() {
                Some(expression) => expression.wrong_type("boolean", &other),
                None => Fault::runtime(format!("Condition must be a boolean but was: {other}")),
            }),
        },
        Condition::And(all) => {
            for condition in all {
                if !met(condition, env)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Or(any) => {
            for condition in any {
                if met(condition, env)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Condition::Not(inner) => met(inner, env).map(|met| !met),
        Condition::Test(variable, operator, comparand) => {
            holds(variable, *operator, comparand, env)
        }
    }
}
