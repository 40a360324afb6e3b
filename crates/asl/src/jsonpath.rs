//! JSONPath as Step Functions reads it: Jayway's dialect plus `$$` (context object) and `$name`
//! (variables). Not RFC 9535, which forbids some of what AWS allows.

mod filter;
mod parse;
mod reference;
mod select;

use std::sync::Arc;

use serde_json::Value;

use crate::env::{Env, Fault};
use filter::Filter;

/// A compiled path.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    text: String,
    root: Root,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    /// `$`
    Input,
    /// `$$`
    Context,
    /// `$name`
    Variable(Arc<str>),
}

#[derive(Debug, Clone)]
enum Segment {
    Name(String),
    Index(i64),
    /// `[from:to:step]`
    Slice(Option<i64>, Option<i64>, Option<i64>),
    Wildcard,
    Names(Vec<String>),
    Indices(Vec<i64>),
    /// `..`, before the segment that it applies to.
    Descend,
    Filter(Filter),
    /// `.length()`, `.min()`, …
    Function(String),
}

impl Segment {
    fn is_definite(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Index(_) | Self::Function(_))
    }
}

impl Path {
    /// Compiles a path; fails with what is wrong with it.
    pub(crate) fn compile(text: &str) -> Result<Self, String> {
        parse::parse(text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The variable that it starts from.
    pub(crate) fn variable(&self) -> Option<&Arc<str>> {
        match &self.root {
            Root::Variable(name) => Some(name),
            Root::Input | Root::Context => None,
        }
    }

    /// `$`, which every state has unless it says otherwise.
    pub(crate) fn is_whole_input(&self) -> bool {
        self.root == Root::Input && self.segments.is_empty()
    }

    /// Whether it starts from the context object.
    pub(crate) fn is_context(&self) -> bool {
        self.root == Root::Context
    }

    /// Whether it names one place (no wildcard, slice, filter or function).
    pub(crate) fn is_reference(&self) -> bool {
        self.segments
            .iter()
            .all(|segment| matches!(segment, Segment::Name(_) | Segment::Index(_)))
    }

    /// What the path selects: the value of a definite path, a list for others (maybe empty).
    /// Fails with Jayway's text when a definite path leads nowhere.
    pub(crate) fn select(&self, env: &Env<'_>) -> Result<Value, String> {
        let root = match &self.root {
            Root::Input => env.input.value(),
            Root::Context => env.context_value(),
            Root::Variable(name) => match env.variables.get(name) {
                Some(data) => data.value(),
                None => return Err(format!("The variable ${name} is not defined")),
            },
        };
        select::select(root, &self.segments)
    }

    /// For `InputPath`, `…SecondsPath` and the like.
    pub(crate) fn select_plain(&self, env: &Env<'_>) -> Result<Value, Fault> {
        self.select(env)
            .map_err(|why| Fault::runtime(format!("Invalid path '{}' : {why}", self.text)))
    }

    /// For a member of a template, or a field that AWS reports like one.
    pub(crate) fn select_for_field(&self, env: &Env<'_>, field: &str) -> Result<Value, Fault> {
        self.select(env).map_err(|_| {
            Fault::runtime(format!(
                "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
                self.text,
                env.input.text()
            ))
        })
    }

    /// Sets what the path names in `target`, making objects on the way (`ResultPath`).
    pub(crate) fn assign(&self, target: Value, value: Value) -> Result<Value, String> {
        reference::assign(target, &self.segments, value)
    }
}
