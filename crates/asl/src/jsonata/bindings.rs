//! Which variables, functions and parts of `$states` an expression names, so that only those are
//! made ready for it. Errs on the side of too much.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jsonata_core::evaluator::Context;
use jsonata_core::value::JValue;

use super::convert::{from_data, from_json};
use crate::env::{Env, Needs};

#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Every `$name` of the text.
    names: BTreeSet<String>,
    input: bool,
    result: bool,
    error_output: bool,
    context: Needs,
}

impl Uses {
    /// Reads the text, not the tree: a `$name` inside a string only costs a needless binding.
    pub(super) fn of(source: &str) -> Self {
        let mut uses = Self::default();
        let mut rest = source;
        while let Some(at) = rest.find('$') {
            rest = rest.get(at + 1..).unwrap_or_default();
            let (name, after) = word(rest);
            if name == "states" {
                uses.note_states(after);
            }
            if !name.is_empty() {
                uses.names.insert(name.to_owned());
            }
            rest = after;
        }
        uses
    }

    fn note_states(&mut self, after: &str) {
        let (member, after) = step(after);
        match member {
            Some("input") => self.input = true,
            Some("result") => self.result = true,
            Some("errorOutput") => self.error_output = true,
            Some("context") => {
                let (first, after) = step(after);
                self.context.add(Needs::of(first, step(after).0));
            }
            _ => {
                self.input = true;
                self.result = true;
                self.error_output = true;
                self.context = Needs::ALL;
            }
        }
    }

    pub(super) fn reads_context(&self) -> bool {
        self.context.any()
    }

    pub(super) fn calls(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(super) fn bind(&self, context: &mut Context, env: &Env<'_>) {
        for name in &self.names {
            if name == "states" {
                context.bind(name.clone(), self.states(env));
            } else if let Some(data) = env.variables.get(name) {
                context.bind(name.clone(), from_data(data));
            }
        }
    }

    fn states(&self, env: &Env<'_>) -> JValue {
        let mut states = IndexMap::new();
        if self.input {
            states.insert("input".to_owned(), from_data(env.input));
        }
        if let Some(result) = env.result.filter(|_| self.result) {
            states.insert("result".to_owned(), from_data(result));
        }
        if let Some(error) = env.error_output.filter(|_| self.error_output) {
            states.insert("errorOutput".to_owned(), from_json(error.value()));
        }
        if self.context.any() {
            let value = env.context.to_value(self.context);
            states.insert("context".to_owned(), from_json(&value));
        }
        JValue::object(states)
    }
}

/// The identifier at the start of the text, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The `.name` at the start of the text, if it is one.
fn step(text: &str) -> (Option<&str>, &str) {
    let Some(after) = text.trim_start().strip_prefix('.') else {
        return (None, text);
    };
    match word(after.trim_start()) {
        ("", _) => (None, text),
        (name, after) => (Some(name), after),
    }
}
