//! From a result to a state's output and variables.

use std::sync::Arc;

use super::Execution;
use super::run::Leave;
use super::strand::Strand;
use crate::data::Data;
use crate::env::{Env, Fault};
use crate::machine::{PathField, State, StateKind};
use crate::template::Template;

type Assigned = Vec<(Arc<str>, Data)>;

pub(super) fn assign(assign: &[(Arc<str>, Template)], env: &Env<'_>) -> Result<Assigned, Fault> {
    assign
        .iter()
        .map(|(name, template)| Ok((Arc::clone(name), Data::new(template.evaluate(env)?))))
        .collect()
}

impl Execution {
    pub(super) fn complete_jsonata(
        &self,
        strand: &Strand,
        state: &State,
        result: Option<&Data>,
    ) -> Result<Leave, Fault> {
        let has_result = matches!(
            state.kind,
            StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)
        );
        let mut env = self.env(strand, &strand.input);
        env.result = result.filter(|_| has_result);
        let output = match (&state.output, result) {
            (Some(template), _) => Data::new(template.evaluate(&env)?),
            (None, Some(result)) => result.clone(),
            (None, None) => strand.input.clone(),
        };
        Ok(Leave {
            output,
            assigned: assign(&state.assign, &env)?,
            next: state.next,
        })
    }

    pub(super) fn complete_jsonpath(
        &self,
        strand: &Strand,
        state: &State,
        result: Option<&Data>,
    ) -> Result<Leave, Fault> {
        let Some(result) = result else {
            let input = self.effective_input(strand, state)?;
            let assigned = assign(&state.assign, &self.env(strand, &input))?;
            let output = self.output_path(strand, state, input)?;
            return Ok(Leave {
                output,
                assigned,
                next: state.next,
            });
        };
        let assigned = assign(&state.assign, &self.env(strand, result))?;
        let selected = match &state.result_selector {
            Some(template) => Data::new(template.evaluate(&self.env(strand, result))?),
            None => result.clone(),
        };
        let combined = result_path(&strand.input, &state.paths.result, selected)?;
        Ok(Leave {
            output: self.output_path(strand, state, combined)?,
            assigned,
            next: state.next,
        })
    }

    fn output_path(&self, strand: &Strand, state: &State, output: Data) -> Result<Data, Fault> {
        match &state.paths.output {
            PathField::Whole => Ok(output),
            PathField::Null => Ok(Data::new(serde_json::json!({}))),
            PathField::Path(path) => path.select_plain(&self.env(strand, &output)).map(Data::new),
        }
    }
}

/// Where the result goes in the input.
pub(super) fn result_path(input: &Data, path: &PathField, result: Data) -> Result<Data, Fault> {
    match path {
        PathField::Whole => Ok(result),
        PathField::Null => Ok(input.clone()),
        PathField::Path(path) => path
            .assign(input.value().clone(), result.value().clone())
            .map(Data::new)
            .map_err(|why| Fault::Named {
                error: "States.ResultPathMatchFailure",
                cause: format!(
                    "Unable to apply ResultPath '{}' to the input: {why}",
                    path.text()
                ),
            }),
    }
}
