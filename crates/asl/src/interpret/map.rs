//! Map states: their items, and inline iterations.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fork::Fork;
use super::run::Flow;
use super::strand::{Activity, MapItem, Origin, Strand};
use super::{Execution, quantity};
use crate::data::Data;
use crate::env::Fault;
use crate::history::Details;
use crate::machine::{Map, QueryLanguage, Source, State};

impl Execution {
    pub(super) fn map(
        &mut self,
        strand: &mut Strand,
        state: &State,
        map: &Map,
    ) -> Result<Flow, Fault> {
        let input = self.effective_input(strand, state)?;
        let has_reader = map
            .distributed
            .as_ref()
            .is_some_and(|distributed| distributed.reader.is_some());
        let (items, origin) = if has_reader {
            (Vec::new(), Origin::Files)
        } else {
            self.items(strand, state, map, &input)?
        };
        let limit = match &map.max_concurrency {
            Some(field) => quantity::whole(field, &self.env(strand, &input))?,
            None => 0,
        };
        let started = self.push(
            strand.last,
            Details::MapStateStarted {
                length: items.len(),
            },
        );
        strand.last = started;
        let items = Arc::new(items);
        if let Some(distributed) = &map.distributed {
            return self.map_run(
                strand,
                state,
                map,
                distributed,
                (input, items, limit),
                origin,
            );
        }
        let mut fork = Fork::new(strand, items.len(), input, Some(items));
        fork.limit = match usize::try_from(limit) {
            Ok(0) | Err(_) => self.limits.inline_concurrency,
            Ok(limit) => limit.min(self.limits.inline_concurrency),
        };
        if fork.missing == 0 {
            let state_type = state.kind.name();
            self.push(started, Details::StateSucceeded { state_type });
            let leave = self.complete(strand, state, Some(&Data::new(json!([]))))?;
            return Ok(Flow::Leave(leave));
        }
        self.start_iterations(strand, state, &mut fork, started)?;
        strand.activity = Activity::Fork(Box::new(fork));
        Ok(Flow::Park)
    }

    pub(super) fn items(
        &self,
        strand: &Strand,
        state: &State,
        map: &Map,
        input: &Data,
    ) -> Result<(Vec<Value>, Origin), Fault> {
        let env = self.env(strand, input);
        let found = match &map.items {
            None => input.value().clone(),
            Some(Source::Path(path)) => path.select_plain(&env)?,
            Some(Source::Template(template)) => template.evaluate(&env)?,
            Some(Source::Literal(value)) => value.clone(),
        };
        let found = match found {
            Value::Array(items) if map.distributed.is_none() => return Ok((items, Origin::Inline)),
            Value::Array(items) => return Ok((items, Origin::Array)),
            // A distributed Map goes over the members of an object; an inline one refuses it, as
            // recorded.
            Value::Object(members) if map.distributed.is_some() => {
                let items = members.into_iter();
                let items = items.map(|(key, value)| json!({"Key": key, "Value": value}));
                return Ok((items.collect(), Origin::Object));
            }
            other => other,
        };
        Err(match (state.language, &map.items) {
            (QueryLanguage::JsonPath, items) => {
                let path = match items {
                    // A path into the context object is shown as one into a value of its own.
                    Some(Source::Path(path)) => match path.text() {
                        text if text.starts_with("$$") => text.get(1..).unwrap_or(text),
                        text => text,
                    },
                    _ => "$",
                };
                Fault::runtime(format!("Reference path \"{path}\" must point to array."))
            }
            (QueryLanguage::Jsonata, Some(Source::Template(template)))
                if template.expression().is_some() =>
            {
                match template.expression() {
                    Some(expression) => expression.wrong_type("array", &found),
                    None => Fault::runtime("Items must be an array."),
                }
            }
            (QueryLanguage::Jsonata, _) => Fault::Query {
                cause: format!("Map state input must be an array but was: {found}"),
                location: None,
            },
        })
    }

    /// The input of an iteration: the item, or what `ItemSelector` makes of it and the state's
    /// effective input.
    pub(super) fn item_input(
        &self,
        strand: &Strand,
        map: &Map,
        input: &Data,
        item: &MapItem,
    ) -> Result<Data, Fault> {
        let value = item.items.get(item.index).unwrap_or(&Value::Null);
        let Some(selector) = &map.item_selector else {
            return Ok(Data::new(value.clone()));
        };
        let mut env = self.env(strand, input);
        env.context = self.context_parts(strand, Some(item));
        selector.evaluate(&env).map(Data::new)
    }
}
