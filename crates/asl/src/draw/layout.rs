//! Where everything stands: states in rows from the top down, lines between them.
//!
//! Knows nothing of SVG or terminals: it is given the sizes of texts, in whole units, and gives
//! places in the same units. In a terminal a unit is a cell.
//!
//! The steps are those of layered drawing (Sugiyama): rows ([`rank`]), order within rows
//! ([`order`]), how far right ([`columns`]), lines ([`tracks`]). A state with branches or a
//! processor is laid out from the inside out.

mod columns;
mod graph;
mod order;
mod rank;
mod tracks;

use super::diagram::{Edge, Node, Scope};
use graph::{Graph, Link, Role, Side, Vertex, at, set};
use tracks::Tracks;

/// What a line of text says; decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Detail,
    /// How it went in a run.
    Note,
    Label,
}

/// Lines of text and the room that they take.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) lines: Vec<(Kind, String)>,
}

/// Distances, in units.
#[derive(Debug, Clone)]
pub(super) struct Spacing {
    /// Whether a unit is a cell: then a line takes one, and what begins in it ends in it.
    pub(super) cells: bool,
    /// Between two states of a row.
    pub(super) states: i32,
    /// Between two lines that run side by side.
    pub(super) lines: i32,
    /// Between a line or label and its neighbour.
    pub(super) beside: i32,
    /// Between the end of a line at a state and the corner of that, or another line's end.
    pub(super) corner: i32,
    /// Room that a line needs for itself.
    pub(super) bend: i32,
    /// Between lines that run across.
    pub(super) track: i32,
    /// Below a row, before the first line that runs across.
    pub(super) under: i32,
    /// Above a row of states, after the last one: room for the arrow.
    pub(super) arrow: i32,
    /// The same above a row of labels.
    pub(super) label: i32,
    /// Between rows without lines that run across.
    pub(super) rows: i32,
    /// Between a box and what is in it, at the sides and below.
    pub(super) inside: (i32, i32),
    /// Between the branches of a box.
    pub(super) lanes: i32,
    /// Branches below each other, where there is no width for side by side.
    pub(super) stacked: bool,
}

/// What a picture is drawn on: it knows how large texts are.
pub(super) trait Sheet {
    /// Size of a state without its branches.
    fn state(&self, node: &Node) -> Block;
    /// Size of a label.
    fn label(&self, edge: &Edge) -> Block;
    /// The distances.
    fn spacing(&self) -> &Spacing;
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A state in its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<'a> {
    pub(super) node: &'a Node,
    pub(super) area: Area,
    /// Its texts; for a box, those of its head.
    pub(super) text: Block,
    /// The branches of a box.
    pub(super) lanes: Vec<Area>,
}

/// A line of a transition, or a part that several share.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) scope: &'a Scope,
    /// Indices of the transitions in their scope.
    pub(super) edges: Vec<usize>,
    pub(super) points: Vec<(i32, i32)>,
    /// From where it meets another to the next bend of that: what the two share.
    pub(super) shared: Vec<(i32, i32)>,
    pub(super) dashed: bool,
    /// It leads to a state. Of lines that meet, the one without a shared part brings the arrow.
    pub(super) arrow: bool,
    /// It leaves what it begins at towards the top.
    pub(super) leaves_up: bool,
    /// It reaches what it ends at from below.
    pub(super) arrives_up: bool,
}

/// The label of a transition.
#[derive(Debug, Clone)]
pub(super) struct Tag<'a> {
    pub(super) scope: &'a Scope,
    pub(super) edge: &'a Edge,
    pub(super) area: Area,
    pub(super) lines: Vec<(Kind, String)>,
}

/// A scope with everything in its place, the top left at (0, 0).
#[derive(Debug, Clone, Default)]
pub(super) struct Picture<'a> {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Boxes come before what is in them.
    pub(super) states: Vec<Placed<'a>>,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) tags: Vec<Tag<'a>>,
}

/// Lays out a scope with all that is in it.
pub(super) fn place<'a>(scope: &'a Scope, sheet: &dyn Sheet) -> Picture<'a> {
    let spacing = sheet.spacing();
    let inner: Vec<_> = scope.nodes.iter().map(|node| boxed(node, sheet)).collect();
    let nodes: Vec<_> = inner.iter().map(|inner| inner.size.clone()).collect();
    let labels: Vec<_> = scope
        .edges
        .iter()
        .map(|edge| {
            if edge.when.is_empty() {
                return Block::default();
            }
            let block = sheet.label(edge);
            let width = fit(block.width, spacing);
            Block { width, ..block }
        })
        .collect();
    let mut graph = graph::build(scope, &nodes, &labels, spacing);
    order::order(&mut graph);
    let centres = columns::centres(&graph, spacing);
    graph.slide(&centres, spacing);
    let tracks = tracks::tracks(&graph, &centres, spacing);
    let plan = Plan::new(graph, centres, tracks, spacing);
    plan.picture(scope, inner, labels)
}

/// Centres must be whole: even widths in pixels, odd ones in cells.
fn fit(width: i32, spacing: &Spacing) -> i32 {
    if spacing.cells {
        width | 1
    } else {
        (width + 1) & !1
    }
}

/// A state with what is in it.
struct Boxed<'a> {
    text: Block,
    size: Block,
    /// The branches and where they lie in the box.
    lanes: Vec<(Area, Picture<'a>)>,
    /// Between the frame of a branch and what is in it.
    framed: i32,
}

fn boxed<'a>(node: &'a Node, sheet: &dyn Sheet) -> Boxed<'a> {
    let spacing = sheet.spacing();
    let text = sheet.state(node);
    let mut size = text.clone();
    let mut lanes: Vec<(Area, Picture<'a>)> = Vec::new();
    let framed = if node.inner.len() > 1 {
        spacing.inside
    } else {
        (0, 0)
    };
    let (mut x, mut y) = (spacing.inside.0, text.height);
    let (mut right, mut bottom) = (0, text.height);
    for scope in &node.inner {
        let picture = place(scope, sheet);
        let area = Area {
            x,
            y,
            width: picture.width + 2 * framed.0,
            height: picture.height + 2 * framed.1,
        };
        right = right.max(x + area.width);
        bottom = bottom.max(y + area.height);
        if spacing.stacked {
            y += area.height + spacing.lanes;
        } else {
            x += area.width + spacing.lanes;
        }
        lanes.push((area, picture));
    }
    if !lanes.is_empty() {
        size.width = size.width.max(right + spacing.inside.0);
        size.height = bottom + spacing.inside.1;
    }
    size.width = fit(size.width, spacing);
    // What is in the box stands in its middle; frames are of one size.
    let slack = (size.width - right - spacing.inside.0) / 2;
    let tallest = lanes.iter().map(|(area, _)| area.height).max().unwrap_or(0);
    let widest = lanes.iter().map(|(area, _)| area.width).max().unwrap_or(0);
    for (area, _) in &mut lanes {
        area.x += slack.max(0);
        if spacing.stacked {
            area.width = widest;
        } else {
            area.height = tallest;
        }
    }
    Boxed {
        text,
        size,
        lanes,
        framed: framed.1,
    }
}

/// A graph with all its coordinates.
struct Plan<'s> {
    graph: Graph,
    centres: Vec<i32>,
    tracks: Tracks,
    spacing: &'s Spacing,
    /// Top and height of each row.
    rows: Vec<(i32, i32)>,
    /// Top of each gap.
    gaps: Vec<i32>,
    height: i32,
}

impl<'s> Plan<'s> {
    fn new(graph: Graph, centres: Vec<i32>, tracks: Tracks, spacing: &'s Spacing) -> Self {
        let mut plan = Self {
            graph,
            centres,
            tracks,
            spacing,
            rows: Vec::new(),
            gaps: Vec::new(),
            height: 0,
        };
        let mut y = 0;
        let count = plan.graph.rows.len();
        for row in 0..=count {
            plan.gaps.push(y);
            y += plan.gap_height(row, row == count);
            if let Some(vertices) = plan.graph.rows.get(row) {
                let heights = vertices.iter().map(|vertex| plan.graph.v(*vertex).height);
                let height = heights.max().unwrap_or(0);
                plan.rows.push((y, height));
                y += height;
            }
        }
        plan.height = y;
        plan
    }

    fn gap_height(&self, gap: usize, last: bool) -> i32 {
        let spacing = self.spacing;
        let tracks = i32::try_from(at(&self.tracks.count, gap)).unwrap_or(0);
        if last {
            return if tracks == 0 {
                0
            } else {
                spacing.under + tracks * spacing.track
            };
        }
        if gap == 0 && tracks == 0 {
            return 0;
        }
        let below = self.graph.rows.get(gap).into_iter().flatten();
        let states = below
            .into_iter()
            .any(|vertex| matches!(self.graph.v(*vertex).role, Role::Node(_)));
        let before = if states { spacing.arrow } else { spacing.label };
        let across = match tracks {
            0 => 0,
            tracks if spacing.cells => tracks,
            tracks => spacing.under + (tracks - 1) * spacing.track,
        };
        let least = if states {
            spacing.rows
        } else {
            spacing.label.max(1)
        };
        (across + before).max(least)
    }

    /// Height of a track.
    fn track(&self, gap: usize, track: usize) -> i32 {
        let track = i32::try_from(track).unwrap_or(0);
        at(&self.gaps, gap) + self.spacing.under + track * self.spacing.track
    }

    fn area(&self, index: usize) -> Area {
        let vertex: Vertex = self.graph.v(index);
        let (top, height) = at(&self.rows, vertex.row);
        let (y, own) = match vertex.role {
            Role::Bend => (top, height),
            // Beside a tall box a state stands at the top, where the lines come in.
            _ if vertex.height * 3 < height => (top, vertex.height),
            Role::Label(_) => (top, vertex.height),
            Role::Node(_) => (top + (height - vertex.height) / 2, vertex.height),
        };
        Area {
            x: at(&self.centres, index) - vertex.width / 2,
            y,
            width: vertex.width,
            height: own,
        }
    }

    /// Where a link leaves or reaches a vertex on a side of the gap.
    fn port(&self, vertex: usize, side: Side) -> i32 {
        let area = self.area(vertex);
        match side {
            Side::Above => area.y + area.height,
            Side::Below => area.y - i32::from(self.spacing.cells),
        }
    }

    fn picture<'a>(
        &self,
        scope: &'a Scope,
        inner: Vec<Boxed<'a>>,
        mut labels: Vec<Block>,
    ) -> Picture<'a> {
        let mut picture = Picture {
            height: self.height,
            ..Picture::default()
        };
        let mut inner: Vec<_> = inner.into_iter().map(Some).collect();
        for (index, vertex) in self.graph.vertices.iter().enumerate() {
            let area = self.area(index);
            picture.width = picture.width.max(area.x + area.width);
            match vertex.role {
                Role::Bend => {}
                Role::Label(edge) => {
                    let lines = labels
                        .get_mut(edge)
                        .map(|block| std::mem::take(&mut block.lines));
                    if let (Some(lines), Some(edge)) = (lines, scope.edges.get(edge)) {
                        picture.tags.push(Tag {
                            scope,
                            edge,
                            area,
                            lines,
                        });
                    }
                }
                Role::Node(node) => {
                    let inner = inner.get_mut(node).and_then(Option::take);
                    if let (Some(inner), Some(node)) = (inner, scope.nodes.get(node)) {
                        picture.state(node, area, inner);
                    }
                }
            }
        }
        self.lines(scope, &mut picture);
        picture
    }

    fn lines<'a>(&self, scope: &'a Scope, picture: &mut Picture<'a>) {
        let mut carried = vec![false; self.graph.links.len()];
        for index in 0..self.graph.links.len() {
            if at(&self.tracks.whole, index)
                && let Some(next) = self.next(index)
            {
                set(&mut carried, next, true);
            }
        }
        for (index, carried) in carried.into_iter().enumerate() {
            if !carried {
                picture.lines.push(self.line(scope, index));
            }
        }
    }

    /// The link that carries on the very transitions of another after a bend.
    fn next(&self, index: usize) -> Option<usize> {
        let to = at(&self.graph.links, index).to;
        if self.graph.v(to).role != Role::Bend {
            return None;
        }
        let next = *self.graph.leaving.get(to)?.first()?;
        (self.graph.edges.get(next) == self.graph.edges.get(index)).then_some(next)
    }

    fn line<'a>(&self, scope: &'a Scope, first: usize) -> Line<'a> {
        let mut line = Line {
            scope,
            edges: self.graph.edges.get(first).cloned().unwrap_or_default(),
            points: Vec::new(),
            shared: Vec::new(),
            dashed: at(&self.graph.links, first).dashed,
            arrow: false,
            leaves_up: at(&self.graph.links, first).from_side == Side::Below,
            arrives_up: false,
        };
        let begin: Link = at(&self.graph.links, first);
        if self.graph.v(begin.from).role == Role::Bend {
            // The lines that meet in a bend end where they reach it.
            let side = if line.leaves_up {
                Side::Above
            } else {
                Side::Below
            };
            line.points
                .push((at(&self.centres, begin.from), self.port(begin.from, side)));
        }
        let mut index = first;
        loop {
            let link: Link = at(&self.graph.links, index);
            let (from, to) = tracks::across(&self.graph, &self.centres, index);
            line.points
                .push((from, self.port(link.from, link.from_side)));
            let end = (to, self.port(link.to, link.to_side));
            line.arrow = matches!(self.graph.v(link.to).role, Role::Node(_));
            if let Some(track) = at(&self.tracks.track, index) {
                let y = self.track(link.gap, track);
                line.points.extend([(from, y), (to, y)]);
                if !at(&self.tracks.whole, index) {
                    line.shared = vec![(to, y), end];
                    break;
                }
            }
            line.points.push(end);
            line.arrives_up = link.to_side == Side::Above;
            match self.next(index) {
                Some(next) => index = next,
                None => break,
            }
        }
        straighten(&mut line.points);
        line
    }
}

/// Drops points that lie on the line between their neighbours.
fn straighten(points: &mut Vec<(i32, i32)>) {
    let mut kept: Vec<(i32, i32)> = Vec::with_capacity(points.len());
    for &point in points.iter() {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., one, two] = *kept.as_slice()
            && ((one.0 == two.0 && two.0 == point.0) || (one.1 == two.1 && two.1 == point.1))
        {
            kept.pop();
        }
        kept.push(point);
    }
    *points = kept;
}

impl<'a> Picture<'a> {
    fn state(&mut self, node: &'a Node, area: Area, inner: Boxed<'a>) {
        let move_by = |lane: Area| Area {
            x: area.x + lane.x,
            y: area.y + lane.y,
            ..lane
        };
        self.states.push(Placed {
            node,
            area,
            text: inner.text,
            lanes: inner.lanes.iter().map(|(lane, _)| move_by(*lane)).collect(),
        });
        for (lane, picture) in inner.lanes {
            let lane = move_by(lane);
            // In the middle of a frame that is wider than it, at the top of one that is taller.
            let x = lane.x + (lane.width - picture.width) / 2;
            self.embed(picture, x, lane.y + inner.framed);
        }
    }

    fn embed(&mut self, picture: Picture<'a>, x: i32, y: i32) {
        let area = |area: Area| Area {
            x: area.x + x,
            y: area.y + y,
            ..area
        };
        for state in picture.states {
            self.states.push(Placed {
                area: area(state.area),
                lanes: state.lanes.into_iter().map(area).collect(),
                ..state
            });
        }
        let shift = |points: Vec<(i32, i32)>| -> Vec<(i32, i32)> {
            points
                .into_iter()
                .map(|point| (point.0 + x, point.1 + y))
                .collect()
        };
        self.lines
            .extend(picture.lines.into_iter().map(|line| Line {
                points: shift(line.points),
                shared: shift(line.shared),
                ..line
            }));
        self.tags.extend(picture.tags.into_iter().map(|tag| Tag {
            area: area(tag.area),
            ..tag
        }));
    }
}

#[cfg(test)]
mod tests;
