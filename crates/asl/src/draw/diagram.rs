//! What there is to draw: states and transitions. Not where they stand.

/// The states of a definition and how they follow each other.
#[derive(Debug, Clone)]
pub struct Diagram {
    pub(super) title: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) scope: Scope,
}

/// States that refer to each other: a machine, a branch, or a Map's processor.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    /// It runs in executions of their own, whose histories are not that of the machine.
    pub(super) elsewhere: bool,
}

/// A state, or a mark.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Without control characters; empty for marks.
    pub(super) name: String,
    pub(super) shape: Shape,
    /// As [`Scope::elsewhere`].
    pub(super) elsewhere: bool,
    /// What it does, in a few words.
    pub(super) detail: String,
    /// `Comment` of the state.
    pub(super) comment: Option<String>,
    /// Branches, or the one processor.
    pub(super) inner: Vec<Scope>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Where the scope begins.
    Start,
    /// Where it ends.
    End,
    Pass,
    Task,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
    DistributedMap,
    /// A transition goes there, but there is no such state.
    Missing,
    /// Of a type that the language does not have.
    Unknown,
}

impl Shape {
    /// Whether it is a state, and not a mark.
    pub(super) fn is_state(self) -> bool {
        !matches!(self, Self::Start | Self::End)
    }
}

/// A transition. All those of one state to another that look alike are one.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// By an error that is caught.
    pub(super) caught: bool,
    /// When it is taken: rules, or names of errors. Empty: always.
    pub(super) when: Vec<String>,
}

impl Scope {
    /// The state at an end of a transition.
    pub(super) fn name(&self, node: usize) -> &str {
        self.nodes.get(node).map_or("", |node| &node.name)
    }
}
