//! What of a definition was tried by its cases: states, ways from one to the next, and every
//! Retry and Catch.

mod possible;
mod taken;

use std::collections::BTreeSet;
use std::fmt;

use asl::Execution;
use serde_json::Value;

pub(crate) use possible::{leads_to, states};

/// From a state to another, or to the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// The state that is left.
    pub from: String,
    /// The state that is entered; nothing at the end of a machine, branch or iteration.
    pub to: Option<String>,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = self.to.as_deref().unwrap_or("(end)");
        write!(f, "{} → {to}", self.from)
    }
}

/// A retrier or catcher of a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handler {
    /// The state.
    pub state: String,
    /// Its place in the list, from 0.
    pub index: usize,
    /// The errors that it names.
    pub errors: String,
}

impl fmt::Display for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}] {}", self.state, self.index, self.errors)
    }
}

/// Parts of a definition: all that it has, or those that were tried. State names are unique within
/// a definition, so they name the parts of branches and processors too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// States entered.
    pub states: BTreeSet<String>,
    /// Ways taken.
    pub ways: BTreeSet<Way>,
    /// Retriers that retried.
    pub retries: BTreeSet<Handler>,
    /// Catchers that caught.
    pub catches: BTreeSet<Handler>,
}

impl Coverage {
    /// All parts that a definition has.
    #[must_use]
    pub fn possible(definition: &Value) -> Self {
        possible::parts(definition)
    }

    /// The parts that executions of a definition tried.
    pub(crate) fn taken(definition: &Value, executions: &[Execution]) -> Self {
        taken::parts(definition, executions)
    }

    /// Adds what another case tried.
    pub fn add(&mut self, other: &Self) {
        self.states.extend(other.states.iter().cloned());
        self.ways.extend(other.ways.iter().cloned());
        self.retries.extend(other.retries.iter().cloned());
        self.catches.extend(other.catches.iter().cloned());
    }

    /// What this has and `tried` has not.
    #[must_use]
    pub fn without(&self, tried: &Self) -> Self {
        Self {
            states: self.states.difference(&tried.states).cloned().collect(),
            ways: self.ways.difference(&tried.ways).cloned().collect(),
            retries: self.retries.difference(&tried.retries).cloned().collect(),
            catches: self.catches.difference(&tried.catches).cloned().collect(),
        }
    }

    /// Whether it has nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
