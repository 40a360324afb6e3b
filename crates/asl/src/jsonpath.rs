//! JSONPath as Step Functions reads it: Jayway's dialect plus `$$` (context object) and `$name`
//! (variables). Not RFC 9535, which forbids some of what AWS allows.

mod filter;
mod parse;
mod reference;
mod select;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::env::{Env, Fault, MapContext, Needs};
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
    pub(crate) fn select<'e>(&self, env: &'e Env<'_>) -> Result<Cow<'e, Value>, String> {
        let root = match &self.root {
            Root::Input => env.input.value(),
            Root::Context => return self.select_in_context(env),
            Root::Variable(name) => match env.variables.get(name) {
                Some(data) => data.value(),
                None => return Err(format!("The variable ${name} is not defined")),
            },
        };
        select::select(root, &self.segments)
    }

    /// The context object is made for the occasion, so only as much of it as the path needs. What
    /// may be large in it (the execution's input, a Map's item) is not copied into it.
    fn select_in_context<'e>(&self, env: &'e Env<'_>) -> Result<Cow<'e, Value>, String> {
        let name = |at: usize| match self.segments.get(at) {
            Some(Segment::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        let inside = match (name(0), name(1), name(2), &env.context.map) {
            (Some("Execution"), Some("Input"), ..) => Some((env.context.input.value(), 2)),
            (Some("Map"), Some("Item"), Some("Value"), Some(MapContext::Item { value, .. })) => {
                Some((*value, 3))
            }
            _ => None,
        };
        if let Some((value, skipped)) = inside.filter(|_| env.context.given.is_none())
            && let Ok(found) = select::select(value, self.segments.get(skipped..).unwrap_or(&[]))
        {
            return Ok(found);
        }
        match Needs::of(name(0), name(1)) {
            Needs::ALL => select::select(env.context_value(), &self.segments),
            needs => select::select(&env.context.to_value(needs), &self.segments)
                .map(|found| Cow::Owned(found.into_owned())),
        }
    }

    /// For `InputPath`, `…SecondsPath` and the like.
    pub(crate) fn select_plain(&self, env: &Env<'_>) -> Result<Value, Fault> {
        self.borrow_plain(env).map(Cow::into_owned)
    }

    /// [`select_plain`](Self::select_plain) without a copy.
    pub(crate) fn borrow_plain<'e>(&self, env: &'e Env<'_>) -> Result<Cow<'e, Value>, Fault> {
        self.select(env)
            .map_err(|why| Fault::runtime(format!("Invalid path '{}' : {why}", self.text)))
    }

    /// For a member of a template, or a field that AWS reports like one.
    pub(crate) fn select_for_field(&self, env: &Env<'_>, field: &str) -> Result<Value, Fault> {
        self.select(env).map(Cow::into_owned).map_err(|_| {
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
