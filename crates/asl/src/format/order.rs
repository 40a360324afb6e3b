//! The order of fields.

use document::Node;

const MACHINE_FIRST: [&str; 6] = [
    "Comment",
    "QueryLanguage",
    "ProcessorConfig",
    "StartAt",
    "TimeoutSeconds",
    "States",
];
const STATE_FIRST: [&str; 3] = ["Type", "Comment", "QueryLanguage"];
const STATE_LAST: [&str; 5] = ["Retry", "Catch", "Next", "Default", "End"];

/// What an object is, which decides the order of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Machine,
    States,
    State,
    Other,
}

impl Role {
    /// What an object is where this is expected: a machine wherever one looks like it.
    pub(super) fn of(self, node: &Node) -> Self {
        let is_program = node.get("States").is_some() && node.get("StartAt").is_some();
        if self == Self::Other && is_program {
            Self::Machine
        } else {
            self
        }
    }

    /// What to expect below a member.
    pub(super) fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Machine, "States") => Self::States,
            (Self::States, _) => Self::State,
            _ => Self::Other,
        }
    }
}

/// Where a member goes; members of the same rank keep their order.
pub(super) fn rank(role: Role, key: &str) -> usize {
    let place = |list: &[&str]| list.iter().position(|known| *known == key);
    match role {
        Role::Machine => place(&MACHINE_FIRST).unwrap_or(MACHINE_FIRST.len() - 1),
        Role::State => match (place(&STATE_FIRST), place(&STATE_LAST)) {
            (Some(first), _) => first,
            (None, Some(last)) => STATE_FIRST.len() + 1 + last,
            (None, None) => STATE_FIRST.len(),
        },
        Role::States | Role::Other => 0,
    }
}
