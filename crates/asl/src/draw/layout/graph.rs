//! Rows of vertices and the links between them: what the steps of the layout work on.
//!
//! A row holds states, or the labels of the transitions that leave the row above; a transition
//! over several rows passes each at a bend. Transitions to the same state share their bends, so
//! they join on the way: a hundred states that catch an error draw one line to its handler.

use std::collections::BTreeMap;

use super::rank::{Ranks, leaving, rank};
use super::{Block, Spacing};
use crate::draw::diagram::Scope;

/// The value at a place; places are made here, so it is there.
pub(super) fn at<T: Copy + Default>(list: &[T], index: usize) -> T {
    list.get(index).copied().unwrap_or_default()
}

/// Puts a value at a place.
pub(super) fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(place) = list.get_mut(index) {
        *place = value;
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// A state or mark of the scope.
    Node(usize),
    /// The label of an edge of the scope.
    Label(usize),
    #[default]
    Bend,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vertex {
    pub(super) role: Role,
    pub(super) row: usize,
    /// Place in its row, from the left.
    pub(super) place: usize,
    pub(super) width: i32,
    pub(super) height: i32,
    /// How far from its centre dashed lines leave; nothing where no others do.
    pub(super) leaves: i32,
    /// How far from its centre dashed lines arrive.
    pub(super) enters: i32,
}

/// Where a vertex lies, as seen from a gap between rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Side {
    #[default]
    Above,
    Below,
}

/// A piece of a transition within one gap.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Gap n lies above row n.
    pub(super) gap: usize,
    pub(super) from_side: Side,
    pub(super) to_side: Side,
    pub(super) dashed: bool,
    /// Of the heaviest edge through it.
    pub(super) weight: usize,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) vertices: Vec<Vertex>,
    /// Vertices of each row from left to right.
    pub(super) rows: Vec<Vec<usize>>,
    pub(super) links: Vec<Link>,
    /// Links of each gap; one more than rows.
    pub(super) gaps: Vec<Vec<usize>>,
    /// Edges of the scope through each link.
    pub(super) edges: Vec<Vec<usize>>,
    /// Links that leave each vertex.
    pub(super) leaving: Vec<Vec<usize>>,
}

impl Graph {
    fn vertex(&mut self, role: Role, row: usize, block: &Block) -> usize {
        let index = self.vertices.len();
        let Some(list) = self.rows.get_mut(row) else {
            return index;
        };
        self.vertices.push(Vertex {
            role,
            row,
            place: list.len(),
            width: block.width,
            height: block.height,
            ..Vertex::default()
        });
        list.push(index);
        self.leaving.push(Vec::new());
        index
    }

    fn link(&mut self, link: Link) -> usize {
        let index = self.links.len();
        self.links.push(link);
        self.edges.push(Vec::new());
        if let Some(gap) = self.gaps.get_mut(link.gap) {
            gap.push(index);
        }
        if let Some(leaving) = self.leaving.get_mut(link.from) {
            leaving.push(index);
        }
        index
    }

    pub(super) fn v(&self, vertex: usize) -> Vertex {
        at(&self.vertices, vertex)
    }

    /// How far from the centre of its vertex a link leaves or arrives.
    pub(super) fn offset(&self, vertex: usize, dashed: bool, leaves: bool) -> i32 {
        let vertex = self.v(vertex);
        match (dashed, leaves) {
            (false, _) => 0,
            (true, true) => vertex.leaves,
            (true, false) => vertex.enters,
        }
    }

    /// Offsets of both ends of a link.
    pub(super) fn offsets(&self, link: Link) -> (i32, i32) {
        (
            self.offset(link.from, link.dashed, true),
            self.offset(link.to, link.dashed, false),
        )
    }
}

/// Bends on the way to a state, by row.
type Ways = BTreeMap<(usize, bool, bool), BTreeMap<usize, usize>>;

struct Builder<'a> {
    scope: &'a Scope,
    ranks: Ranks,
    /// Rows of the ranks: of states, and of labels below them.
    rows: Vec<(usize, usize)>,
    graph: Graph,
    nodes: Vec<usize>,
    ways: Ways,
    /// Label or turn of each edge, which it shares with no other.
    own: Vec<Option<usize>>,
    /// The link between two vertices, to be shared.
    shared: BTreeMap<(usize, usize), usize>,
    bend: Block,
}

/// Builds the rows of a scope from the sizes of its states and labels.
pub(super) fn build(scope: &Scope, nodes: &[Block], labels: &[Block], spacing: &Spacing) -> Graph {
    let out = leaving(scope);
    let ranks = rank(scope, &out);
    let last = ranks.rank.iter().copied().max().unwrap_or(0);
    let mut labelled = vec![false; last + 1];
    for (index, edge) in scope.edges.iter().enumerate() {
        if !edge.when.is_empty() && !at(&ranks.back, index) {
            set(&mut labelled, at(&ranks.rank, edge.from), true);
        }
    }
    let mut rows = Vec::with_capacity(last + 1);
    let mut next = 0;
    for has_labels in labelled {
        rows.push((next, next + 1));
        next += 1 + usize::from(has_labels);
    }
    let mut builder = Builder {
        scope,
        graph: Graph {
            rows: vec![Vec::new(); next],
            gaps: vec![Vec::new(); next + 1],
            ..Graph::default()
        },
        nodes: vec![usize::MAX; scope.nodes.len()],
        rows,
        ways: Ways::new(),
        own: vec![None; scope.edges.len()],
        shared: BTreeMap::new(),
        bend: Block {
            width: spacing.bend,
            ..Block::default()
        },
        ranks,
    };
    let order = builder.ranks.order.clone();
    for node in order {
        let size = nodes.get(node).cloned().unwrap_or_default();
        builder.node(node, &size);
        for &edge in out.get(node).into_iter().flatten() {
            let size = labels.get(edge).cloned().unwrap_or_default();
            builder.reserve(edge, &size);
        }
    }
    for edge in 0..scope.edges.len() {
        builder.connect(edge);
    }
    builder.graph.ports();
    builder.graph
}

impl Graph {
    /// Moves the ends of dashed lines at their states towards where they come from or go to: often
    /// they can be straight then, and they do not cross the plain ones.
    pub(super) fn slide(&mut self, centres: &[i32], spacing: &Spacing) {
        for leaves in [true, false] {
            let mut others: Vec<Vec<i32>> = vec![Vec::new(); self.vertices.len()];
            for link in self.links.iter().filter(|link| link.dashed) {
                let (own, other) = if leaves {
                    (link.from, link.to)
                } else {
                    (link.to, link.from)
                };
                let there = at(centres, other) + self.offset(other, true, !leaves);
                if let Some(list) = others.get_mut(own) {
                    list.push(there - at(centres, own));
                }
            }
            for (vertex, mut others) in self.vertices.iter_mut().zip(others) {
                let place = if leaves {
                    &mut vertex.leaves
                } else {
                    &mut vertex.enters
                };
                others.sort_unstable();
                let wish = others.get(others.len() / 2).copied();
                if let (true, Some(wish)) = (*place != 0, wish) {
                    let farthest = (vertex.width / 2 - spacing.corner).max(1);
                    let nearest = spacing.corner.min(farthest);
                    *place = wish.abs().clamp(nearest, farthest) * if wish < 0 { -1 } else { 1 };
                }
            }
        }
    }

    /// Notes where both kinds of lines leave or arrive.
    fn ports(&mut self) {
        let mut seen = vec![[false; 4]; self.vertices.len()];
        for link in &self.links {
            let kind = usize::from(link.dashed);
            for (vertex, which) in [(link.from, kind), (link.to, 2 + kind)] {
                if let Some(flag) = seen.get_mut(vertex).and_then(|seen| seen.get_mut(which)) {
                    *flag = true;
                }
            }
        }
        for (vertex, seen) in self.vertices.iter_mut().zip(seen) {
            if matches!(vertex.role, Role::Node(_)) {
                let [leaves, leaves_dashed, enters, enters_dashed] = seen;
                let beside = (vertex.width / 4).min(40);
                vertex.leaves = if leaves && leaves_dashed { beside } else { 0 };
                vertex.enters = if enters && enters_dashed { beside } else { 0 };
            }
        }
    }
}

impl Builder<'_> {
    fn row(&self, node: usize) -> usize {
        at(&self.rows, at(&self.ranks.rank, node)).0
    }

    fn node(&mut self, node: usize, size: &Block) {
        let vertex = self.graph.vertex(Role::Node(node), self.row(node), size);
        set(&mut self.nodes, node, vertex);
    }

    /// Makes the label and the bends of an edge, at the right of what is there.
    fn reserve(&mut self, index: usize, size: &Block) {
        let Some(edge) = self.scope.edges.get(index) else {
            return;
        };
        let (from, to) = (self.row(edge.from), self.row(edge.to));
        let key = (edge.to, edge.caught, at(&self.ranks.back, index));
        let labelled = !edge.when.is_empty();
        let passed = if key.2 {
            // Its own turn beside the state that it leaves, then up.
            let role = if labelled {
                Role::Label(index)
            } else {
                Role::Bend
            };
            let size = if labelled {
                size.clone()
            } else {
                self.bend.clone()
            };
            let turn = self.graph.vertex(role, from, &size);
            set(&mut self.own, index, Some(turn));
            to..from
        } else {
            let mut first = from + 1;
            if labelled {
                let label = self.graph.vertex(Role::Label(index), first, size);
                set(&mut self.own, index, Some(label));
                first += 1;
            }
            first..to
        };
        for row in passed {
            if !self
                .ways
                .get(&key)
                .is_some_and(|way| way.contains_key(&row))
            {
                let bend = self.graph.vertex(Role::Bend, row, &self.bend.clone());
                self.ways.entry(key).or_default().insert(row, bend);
            }
        }
    }

    fn connect(&mut self, index: usize) {
        let Some(edge) = self.scope.edges.get(index) else {
            return;
        };
        let back = at(&self.ranks.back, index);
        let (from, to) = (self.row(edge.from), self.row(edge.to));
        let target = at(&self.nodes, edge.to);
        let own = at(&self.own, index);
        let way = self.ways.get(&(edge.to, edge.caught, back));
        let bends = |rows: std::ops::Range<usize>| -> Vec<usize> {
            let way = way.into_iter().flat_map(|way| way.range(rows.clone()));
            way.map(|(_, bend)| *bend).collect()
        };
        let mut stops = vec![at(&self.nodes, edge.from)];
        stops.extend(own);
        if back {
            stops.extend(bends(to..from).into_iter().rev());
        } else {
            stops.extend(bends(from + 1 + usize::from(own.is_some())..to));
        }
        stops.push(target);
        for pair in stops.windows(2) {
            if let [one, two] = *pair {
                self.join(
                    one,
                    two,
                    index,
                    edge.caught,
                    back && one != at(&self.nodes, edge.from),
                );
            }
        }
    }

    /// Links two stops of an edge. `up`: on the way back, after its turn.
    fn join(&mut self, from: usize, to: usize, edge: usize, dashed: bool, up: bool) {
        let (above, below) = (self.graph.v(from).row, self.graph.v(to).row);
        let (gap, from_side, to_side) = if up && above == below {
            (above, Side::Below, Side::Below)
        } else if up {
            (above, Side::Below, Side::Above)
        } else if above == below {
            (above + 1, Side::Above, Side::Above)
        } else {
            (above + 1, Side::Above, Side::Below)
        };
        let weight = at(&self.ranks.weight, edge);
        let link = match self.shared.get(&(from, to)) {
            Some(&link) => link,
            None => {
                let link = self.graph.link(Link {
                    from,
                    to,
                    gap,
                    from_side,
                    to_side,
                    dashed,
                    weight: 0,
                });
                // Plain and dashed lines from the same state to the same are two.
                if !matches!(self.graph.v(from).role, Role::Node(_)) {
                    self.shared.insert((from, to), link);
                }
                link
            }
        };
        if let Some(link) = self.graph.links.get_mut(link) {
            link.weight = link.weight.max(weight);
        }
        if let Some(edges) = self.graph.edges.get_mut(link) {
            edges.push(edge);
        }
    }
}
