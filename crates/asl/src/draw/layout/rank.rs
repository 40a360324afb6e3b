//! In which row a state stands: below all that lead to it, loops aside.

use super::graph::{at, set};
use crate::draw::diagram::Scope;

/// Rows of the nodes, and what was found on the way.
pub(super) struct Ranks {
    /// Row of each node, from 0.
    pub(super) rank: Vec<usize>,
    /// Of each edge: it leads back up, or to its own state.
    pub(super) back: Vec<bool>,
    /// Nodes in the order in which a reader meets them.
    pub(super) order: Vec<usize>,
    /// Of each edge: rows on the longest way through it. The main line of a workflow is long.
    pub(super) weight: Vec<usize>,
}

/// Edges that leave a node, those of caught errors last.
pub(super) fn leaving(scope: &Scope) -> Vec<Vec<usize>> {
    let mut leaving = vec![Vec::new(); scope.nodes.len()];
    for caught in [false, true] {
        for (index, edge) in scope.edges.iter().enumerate() {
            if edge.caught == caught
                && let Some(list) = leaving.get_mut(edge.from)
            {
                list.push(index);
            }
        }
    }
    leaving
}

pub(super) fn rank(scope: &Scope, leaving: &[Vec<usize>]) -> Ranks {
    let count = scope.nodes.len();
    let (order, finished, back) = walk(scope, leaving);
    let mut rank = vec![0; count];
    let mut height = vec![0; count];
    let forward = |node: usize| {
        let edges = leaving.get(node).into_iter().flatten().copied();
        edges.filter(|edge| !at(&back, *edge))
    };
    for &node in finished.iter().rev() {
        for edge in forward(node) {
            let to = scope.edges.get(edge).map_or(0, |edge| edge.to);
            let below = at(&rank, to).max(at(&rank, node) + 1);
            set(&mut rank, to, below);
        }
    }
    for &node in &finished {
        let below = forward(node).filter_map(|edge| scope.edges.get(edge));
        let longest = below.map(|edge| at(&height, edge.to) + 1).max();
        set(&mut height, node, longest.unwrap_or(0));
    }
    let weight = scope
        .edges
        .iter()
        .map(|edge| at(&rank, edge.from) + at(&height, edge.to) + 1)
        .collect();
    Ranks {
        rank,
        back,
        order,
        weight,
    }
}

/// Walks depth first, without recursion: a chain may be as long as a definition. Gives the nodes
/// as met, the nodes as left, and which edges lead to a node that is not yet left.
fn walk(scope: &Scope, leaving: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>, Vec<bool>) {
    #[derive(Clone, Copy, Default, PartialEq)]
    enum Seen {
        #[default]
        No,
        Open,
        Left,
    }
    let count = scope.nodes.len();
    let mut seen = vec![Seen::No; count];
    let mut back = vec![false; scope.edges.len()];
    let (mut met, mut left) = (Vec::with_capacity(count), Vec::with_capacity(count));
    // What nothing leads to begins a way of its own; then what only a loop of such leads to.
    let mut entered = vec![false; count];
    for edge in &scope.edges {
        set(&mut entered, edge.to, true);
    }
    let start = scope.edges.first().map(|edge| edge.from);
    let start = start.filter(|start| {
        scope
            .nodes
            .get(*start)
            .is_some_and(|node| !node.shape.is_state())
    });
    let roots = start
        .into_iter()
        .chain((0..count).filter(|node| !at(&entered, *node)))
        .chain(0..count);
    for root in roots {
        if at(&seen, root) != Seen::No {
            continue;
        }
        set(&mut seen, root, Seen::Open);
        met.push(root);
        let mut open = vec![(root, 0)];
        while let Some((node, next)) = open.pop() {
            let Some(&edge) = leaving.get(node).and_then(|edges| edges.get(next)) else {
                set(&mut seen, node, Seen::Left);
                left.push(node);
                continue;
            };
            open.push((node, next + 1));
            let to = scope.edges.get(edge).map_or(node, |edge| edge.to);
            match at(&seen, to) {
                Seen::Open => set(&mut back, edge, true),
                Seen::Left => {}
                Seen::No => {
                    set(&mut seen, to, Seen::Open);
                    met.push(to);
                    open.push((to, 0));
                }
            }
        }
    }
    (met, left, back)
}
