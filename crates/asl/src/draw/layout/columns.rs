//! How far right everything stands.
//!
//! Links that can be straight become so, those of long ways first, so that the main line of a
//! workflow runs straight down. What is linked straight makes a column; columns are moved as one,
//! first as far left as they can, then towards what they are linked to.

use super::Spacing;
use super::graph::{Graph, Role, at, set};

/// Rounds of moving columns.
const ROUNDS: usize = 12;

/// Centres of all vertices; the leftmost edge of the picture is 0.
pub(super) fn centres(graph: &Graph, spacing: &Spacing) -> Vec<i32> {
    let columns = Columns::new(graph);
    let mut x = columns.leftmost(graph, spacing);
    columns.settle(graph, spacing, &mut x);
    let mut centres: Vec<i32> = (0..graph.vertices.len())
        .map(|vertex| columns.centre(&x, vertex))
        .collect();
    let left = graph.vertices.iter().zip(&centres);
    let left = left.map(|(vertex, centre)| centre - vertex.width / 2).min();
    for centre in &mut centres {
        *centre -= left.unwrap_or(0);
    }
    centres
}

struct Columns {
    /// The column of each vertex.
    column: Vec<usize>,
    /// How far each vertex is from the axis of its column.
    shift: Vec<i32>,
    count: usize,
    members: Vec<Vec<usize>>,
}

/// Links in the order in which they get their way.
fn by_right(graph: &Graph) -> Vec<usize> {
    let mut links: Vec<usize> = (0..graph.links.len()).collect();
    links.retain(|link| {
        let link = at(&graph.links, *link);
        link.from_side != link.to_side
    });
    links.sort_by_key(|index| {
        let link = at(&graph.links, *index);
        let bend = |vertex: usize| graph.v(vertex).role == Role::Bend;
        let class = match (bend(link.from) && bend(link.to), link.dashed) {
            (true, _) => 1,
            (false, false) => 0,
            (false, true) => 2,
        };
        (class, std::cmp::Reverse(link.weight), *index)
    });
    links
}

impl Columns {
    fn new(graph: &Graph) -> Self {
        let count = graph.vertices.len();
        // What each vertex is straight above of.
        let mut below = vec![usize::MAX; count];
        let mut has_above = vec![false; count];
        let mut straight: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.gaps.len()];
        for index in by_right(graph) {
            let link = at(&graph.links, index);
            let upper_first = graph.v(link.from).row < graph.v(link.to).row;
            let (upper, lower) = if upper_first {
                (link.from, link.to)
            } else {
                (link.to, link.from)
            };
            if at(&below, upper) != usize::MAX || at(&has_above, lower) {
                continue;
            }
            let (one, two) = (graph.v(upper).place, graph.v(lower).place);
            let Some(list) = straight.get_mut(link.gap) else {
                continue;
            };
            let after = list.partition_point(|(place, _)| *place < one);
            let left = after.checked_sub(1).and_then(|before| list.get(before));
            let crosses = left.is_some_and(|(_, place)| *place > two)
                || list.get(after).is_some_and(|(_, place)| *place < two);
            if crosses {
                continue;
            }
            list.insert(after, (one, two));
            set(&mut below, upper, lower);
            set(&mut has_above, lower, true);
        }
        let mut columns = Self {
            column: vec![usize::MAX; count],
            shift: vec![0; count],
            count: 0,
            members: Vec::new(),
        };
        for top in (0..count).filter(|vertex| !at(&has_above, *vertex)) {
            columns.collect(graph, top, &below);
        }
        columns
    }

    /// Makes a column of what is straight below a vertex.
    fn collect(&mut self, graph: &Graph, top: usize, below: &[usize]) {
        let mut vertex = top;
        let mut shift = 0;
        let mut members = Vec::new();
        loop {
            set(&mut self.column, vertex, self.count);
            set(&mut self.shift, vertex, shift);
            members.push(vertex);
            let lower = at(below, vertex);
            if lower >= graph.vertices.len() {
                break;
            }
            shift += link_shift(graph, vertex, lower);
            vertex = lower;
        }
        self.members.push(members);
        self.count += 1;
    }

    fn centre(&self, x: &[i32], vertex: usize) -> i32 {
        at(x, at(&self.column, vertex)) + at(&self.shift, vertex)
    }

    /// How far apart the axes of the columns of two neighbours must be.
    fn apart(&self, graph: &Graph, spacing: &Spacing, left: usize, right: usize) -> i32 {
        let (one, two) = (graph.v(left), graph.v(right));
        let gap = match (one.role, two.role) {
            (Role::Node(_), Role::Node(_)) => spacing.states,
            (Role::Bend, Role::Bend) => spacing.lines,
            _ => spacing.beside,
        };
        let halves = one.width / 2 + two.width / 2;
        halves + gap + at(&self.shift, left) - at(&self.shift, right)
    }

    /// Every column as far left as its neighbours allow.
    fn leftmost(&self, graph: &Graph, spacing: &Spacing) -> Vec<i32> {
        let mut right_of: Vec<Vec<(usize, i32)>> = vec![Vec::new(); self.count];
        let mut waiting = vec![0_usize; self.count];
        for row in &graph.rows {
            for pair in row.windows(2) {
                let &[left, right] = pair else { continue };
                let (one, two) = (at(&self.column, left), at(&self.column, right));
                let apart = self.apart(graph, spacing, left, right);
                if let Some(list) = right_of.get_mut(one) {
                    list.push((two, apart));
                    let more = at(&waiting, two) + 1;
                    set(&mut waiting, two, more);
                }
            }
        }
        let mut x = vec![0; self.count];
        let mut ready: Vec<usize> = (0..self.count).filter(|c| at(&waiting, *c) == 0).collect();
        while let Some(column) = ready.pop() {
            for &(right, apart) in right_of.get(column).into_iter().flatten() {
                let least = at(&x, right).max(at(&x, column) + apart);
                set(&mut x, right, least);
                let left = at(&waiting, right).saturating_sub(1);
                set(&mut waiting, right, left);
                if left == 0 {
                    ready.push(right);
                }
            }
        }
        x
    }

    /// Moves columns, within the room that their neighbours leave, to where their links are
    /// shortest.
    fn settle(&self, graph: &Graph, spacing: &Spacing, x: &mut [i32]) {
        let mut pulls: Vec<Vec<(usize, i32)>> = vec![Vec::new(); self.count];
        for (index, link) in graph.links.iter().enumerate() {
            let (one, two) = (at(&self.column, link.from), at(&self.column, link.to));
            if one != two {
                for column in [one, two] {
                    if let Some(list) = pulls.get_mut(column) {
                        let sign = if column == one { 1 } else { -1 };
                        list.push((index, sign));
                    }
                }
            }
        }
        let mut order: Vec<usize> = (0..self.count).collect();
        for round in 0..ROUNDS {
            order.sort_by_key(|column| (at(x, *column), *column));
            if round % 2 == 0 {
                order.reverse();
            }
            let mut moved = false;
            for &column in &order {
                let mut wishes = Vec::new();
                for &(link, sign) in pulls.get(column).into_iter().flatten() {
                    let link = at(&graph.links, link);
                    let (from, to) = graph.offsets(link);
                    let apart = self.centre(x, link.to) + to - self.centre(x, link.from) - from;
                    let weight = if link.dashed { 1 } else { 2 };
                    wishes.extend(std::iter::repeat_n(apart * sign, weight));
                }
                wishes.sort_unstable();
                if wishes.is_empty() {
                    continue;
                }
                let low = at(&wishes, (wishes.len() - 1) / 2);
                let high = at(&wishes, wishes.len() / 2);
                // Any place between the two middles is as good; a straight line is better.
                let wish = if low <= 0 && high >= 0 {
                    0
                } else if low > 0 {
                    low
                } else {
                    high
                };
                let (left, right) = self.room(graph, spacing, x, column);
                let step = wish.clamp(-left, right.max(-left));
                moved |= step != 0;
                set(x, column, at(x, column) + step);
            }
            if !moved {
                break;
            }
        }
    }

    /// How far a column can go to the left and to the right.
    fn room(&self, graph: &Graph, spacing: &Spacing, x: &[i32], column: usize) -> (i32, i32) {
        let (mut left, mut right) = (i32::MAX / 4, i32::MAX / 4);
        for &vertex in self.members.get(column).into_iter().flatten() {
            let place = graph.v(vertex).place;
            let row = graph.rows.get(graph.v(vertex).row);
            let neighbour = |place: Option<usize>| row?.get(place?).copied();
            if let Some(other) = neighbour(place.checked_sub(1)) {
                let apart = self.apart(graph, spacing, other, vertex);
                left = left.min(at(x, column) - at(x, at(&self.column, other)) - apart);
            }
            if let Some(other) = neighbour(place.checked_add(1)) {
                let apart = self.apart(graph, spacing, vertex, other);
                right = right.min(at(x, at(&self.column, other)) - at(x, column) - apart);
            }
        }
        (left.max(0), right.max(0))
    }
}

/// From the centre of a vertex to that of the one straight below it.
fn link_shift(graph: &Graph, upper: usize, lower: usize) -> i32 {
    let links = graph.leaving.get(upper).into_iter().flatten();
    let back = graph.leaving.get(lower).into_iter().flatten();
    for &index in links.chain(back) {
        let link = at(&graph.links, index);
        if link.from_side == link.to_side {
            continue;
        }
        if (link.from, link.to) == (upper, lower) {
            let (from, to) = graph.offsets(link);
            return from - to;
        }
        if (link.from, link.to) == (lower, upper) {
            let (from, to) = graph.offsets(link);
            return to - from;
        }
    }
    0
}
