//! How a run went, state by state: what a drawing is coloured by. Knows no AWS: it is made by hand
//! or from the events of a history.

mod history;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::diagram::{Edge, Node, Scope};

/// How a run went. State names are unique in a machine, so they are all that it takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// What became of each state that was reached, by its name.
    pub states: BTreeMap<String, StateRun>,
    /// Transitions that were taken: from, to, and whether an error was caught on the way. An empty
    /// name is the beginning or the end of a scope.
    pub transitions: BTreeSet<(String, String, bool)>,
}

/// What became of a state, all its visits together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateRun {
    /// Visits that ended well.
    pub succeeded: u64,
    /// Visits whose error nobody caught in the state itself.
    pub failed: u64,
    /// Visits whose error the state caught.
    pub caught: u64,
    /// Visits that ended because something else failed or the run was stopped.
    pub aborted: u64,
    /// Visits that have not ended.
    pub running: u64,
    /// Attempts after the first one of each visit.
    pub retries: u64,
    /// Time in the state, where the times are known.
    pub duration: Option<Duration>,
    /// Name of the last error.
    pub error: Option<String>,
    /// Items of a Map.
    pub items: Option<Iterations>,
    /// ARNs of the map runs of a distributed Map, whose executions have histories of their own.
    pub map_runs: Vec<String>,
}

/// Items of a Map, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Iterations {
    /// All of them.
    pub total: u64,
    /// Those that ended well.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
}

/// What became of a state, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All visits ended well.
    Succeeded,
    /// A visit failed, and that was caught by the state.
    Caught,
    /// A visit failed.
    Failed,
    /// A visit was ended from outside.
    Aborted,
    /// A visit goes on.
    Running,
    /// There was none.
    NotReached,
    /// It ran in executions of their own that nothing is known of.
    Elsewhere,
}

impl Run {
    /// Makes it from events in the shape of `GetExecutionHistory`, in their order. Times may be
    /// ISO 8601 texts or seconds; members that are not needed may be missing.
    #[must_use]
    pub fn from_history<'a>(events: impl IntoIterator<Item = &'a Value>) -> Self {
        history::read(events)
    }

    /// Adds another run, as that of a child execution of a distributed Map.
    pub fn add(&mut self, other: &Self) {
        for (name, state) in &other.states {
            self.states.entry(name.clone()).or_default().add(state);
        }
        self.transitions.extend(other.transitions.iter().cloned());
    }

    pub(super) fn outcome(&self, node: &Node) -> Outcome {
        match self.states.get(&node.name) {
            Some(state) if node.shape.is_state() => state.outcome(),
            _ if node.elsewhere => Outcome::Elsewhere,
            _ => Outcome::NotReached,
        }
    }

    /// Whether a transition was taken; `None` where that is not known.
    pub(super) fn took(&self, scope: &Scope, edge: &Edge) -> Option<bool> {
        let name = |node| scope.name(node).to_owned();
        let taken = (name(edge.from), name(edge.to), edge.caught);
        let taken = self.transitions.contains(&taken) && {
            // The beginnings and ends of all scopes have the same name.
            let ends = [edge.from, edge.to].map(|node| scope.nodes.get(node));
            let known =
                |node: &Node| !node.shape.is_state() || self.states.contains_key(&node.name);
            ends.into_iter().flatten().all(known)
        };
        let nothing = || {
            scope
                .nodes
                .iter()
                .all(|node| self.outcome(node) == Outcome::Elsewhere)
        };
        if !taken && scope.elsewhere && nothing() {
            return None;
        }
        Some(taken)
    }

    /// What became of a state, in a few words behind a sign; none if it was not reached.
    pub(super) fn note(&self, node: &Node) -> Option<String> {
        let state = self.states.get(&node.name)?;
        if !node.shape.is_state() {
            return None;
        }
        Some(state.note())
    }
}

impl StateRun {
    fn visits(&self) -> u64 {
        self.succeeded + self.failed + self.caught + self.aborted + self.running
    }

    fn add(&mut self, other: &Self) {
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.caught += other.caught;
        self.aborted += other.aborted;
        self.running += other.running;
        self.retries += other.retries;
        self.duration = match (self.duration, other.duration) {
            (Some(one), Some(two)) => Some(one.saturating_add(two)),
            (one, two) => one.or(two),
        };
        self.error = other.error.clone().or(self.error.take());
        self.map_runs.extend(other.map_runs.iter().cloned());
        if let Some(items) = other.items {
            let own = self.items.get_or_insert_default();
            own.total += items.total;
            own.succeeded += items.succeeded;
            own.failed += items.failed;
        }
    }

    /// The worst that became of a visit, unless one goes on.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.running > 0 {
            Outcome::Running
        } else if self.failed > 0 {
            Outcome::Failed
        } else if self.caught > 0 {
            Outcome::Caught
        } else if self.aborted > 0 {
            Outcome::Aborted
        } else if self.succeeded > 0 {
            Outcome::Succeeded
        } else {
            Outcome::NotReached
        }
    }

    fn note(&self) -> String {
        let outcome = self.outcome();
        let mut parts = Vec::new();
        if matches!(outcome, Outcome::Failed | Outcome::Caught) {
            let word = if outcome == Outcome::Failed {
                "failed"
            } else {
                "caught"
            };
            parts.push(match &self.error {
                Some(error) => format!("{word} {}", super::measure::clean(error)),
                None => word.into(),
            });
        }
        if outcome == Outcome::Aborted {
            parts.push("stopped".into());
        }
        if outcome == Outcome::Running {
            parts.push("running".into());
        }
        if self.visits() > 1 {
            parts.push(format!("{} times", self.visits()));
        }
        match self.retries {
            0 => {}
            1 => parts.push("1 retry".into()),
            many => parts.push(format!("{many} retries")),
        }
        if let Some(items) = self.items {
            let of = match (items.succeeded == items.total, items.total) {
                (true, 1) => "1 item".to_owned(),
                (true, total) => format!("{total} items"),
                (false, total) => format!("{} of {total} items", items.succeeded),
            };
            parts.push(of);
            if items.failed > 0 {
                parts.push(format!("{} failed", items.failed));
            }
        }
        if let Some(duration) = self.duration {
            parts.push(short(duration));
        }
        let sign = match outcome {
            Outcome::Succeeded => "✓",
            Outcome::Failed => "✗",
            Outcome::Caught => "!",
            Outcome::Running => "…",
            Outcome::Aborted | Outcome::NotReached | Outcome::Elsewhere => "–",
        };
        if parts.is_empty() {
            return sign.into();
        }
        format!("{sign} {}", parts.join(", "))
    }
}

/// `350 ms`, `4.2 s`, `3 min`, `2.5 h`, `5.1 d`.
fn short(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{:.1} min", seconds / 60.0),
        3600..86_400 => format!("{:.1} h", seconds / 3600.0),
        _ => format!("{:.1} d", seconds / 86_400.0),
    }
}
