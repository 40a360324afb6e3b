//! Who stands beside whom in a row: the order with few crossings.

use std::ops::Range;

use super::graph::{Graph, Role, Side, at, set};

/// Rounds of sweeping; more hardly help.
const ROUNDS: usize = 10;

/// Rounds without a gain after which there will be none.
const PATIENCE: usize = 3;

/// Exchanges in all rows, until there are none to be made or so often.
const EXCHANGES: usize = 8;

/// Pairs of links that are looked at before the rows are left as they are. What has more of them
/// is a tangle in any order.
const MANY: usize = 3_000_000;

/// Pairs of links that are looked at for moving ways.
const MOVES: usize = 20_000_000;

/// Orders the rows. Rows that do without crossings as they are stay so.
pub(super) fn order(graph: &mut Graph) {
    let all = 0..graph.rows.len();
    if pairs(graph, &all) > MANY {
        return;
    }
    let mut best = crossings(graph, &all);
    let mut kept = graph.rows.clone();
    let ends = ends(graph);
    let mut idle = 0;
    for round in 0..ROUNDS {
        if best == 0 || idle > PATIENCE {
            break;
        }
        idle += 1;
        if round > 0 {
            sweep(graph, &ends, round % 2 == 1);
        }
        exchange_all(graph, &ends, &all);
        let now = crossings(graph, &all);
        if now < best {
            best = now;
            idle = 0;
            kept.clone_from(&graph.rows);
        }
    }
    graph.rows = kept;
    place(graph, &all);
    if best > 0 {
        ways(graph, &ends);
    }
}

/// How much there is to look at between some rows.
fn pairs(graph: &Graph, rows: &Range<usize>) -> usize {
    let gaps = graph.gaps.get(rows.start..=rows.end).unwrap_or_default();
    gaps.iter().map(|gap| gap.len() * gap.len()).sum()
}

/// Tries each way past states on the far left and on the far right: single exchanges do not get a
/// long way there, since half of it there is worse than none.
fn ways(graph: &mut Graph, ends: &[[Vec<usize>; 2]]) {
    let mut effort = MOVES;
    for way in chains(graph) {
        let rows = way.iter().map(|vertex| graph.v(*vertex).row);
        let (Some(first), Some(last)) = (rows.clone().min(), rows.max()) else {
            continue;
        };
        // The rows next to it may follow.
        let rows = first.saturating_sub(1)..(last + 2).min(graph.rows.len());
        let before = crossings(graph, &rows);
        let mut best = before;
        for right in [true, false] {
            let Some(left) = effort.checked_sub(4 * pairs(graph, &rows)) else {
                return;
            };
            effort = left;
            if best == 0 {
                break;
            }
            let Some(kept) = graph.rows.get(rows.clone()).map(<[_]>::to_vec) else {
                continue;
            };
            for row in graph.rows.get_mut(rows.clone()).into_iter().flatten() {
                // Stable: the way goes to one end, all else keeps its order.
                row.sort_by_key(|vertex| way.binary_search(vertex).is_ok() == right);
            }
            place(graph, &rows);
            exchange_all(graph, ends, &rows);
            let now = crossings(graph, &rows);
            if now < best {
                best = now;
            } else if let Some(changed) = graph.rows.get_mut(rows.clone()) {
                changed.clone_from_slice(&kept);
                place(graph, &rows);
            }
        }
    }
}

/// Bends and labels that hang together: the vertices of each such way, sorted.
fn chains(graph: &Graph) -> Vec<Vec<usize>> {
    let passing = |vertex: usize| !matches!(graph.v(vertex).role, Role::Node(_));
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); graph.vertices.len()];
    for link in &graph.links {
        if passing(link.from) && passing(link.to) {
            for (one, two) in [(link.from, link.to), (link.to, link.from)] {
                if let Some(list) = near.get_mut(one) {
                    list.push(two);
                }
            }
        }
    }
    let mut seen = vec![false; graph.vertices.len()];
    let mut chains = Vec::new();
    for head in 0..graph.vertices.len() {
        let mut chain = Vec::new();
        let mut open = vec![head];
        while let Some(vertex) = open.pop() {
            if passing(vertex) && !at(&seen, vertex) {
                set(&mut seen, vertex, true);
                chain.push(vertex);
                open.extend(near.get(vertex).into_iter().flatten());
            }
        }
        if !chain.is_empty() {
            chain.sort_unstable();
            chains.push(chain);
        }
    }
    chains
}

/// Notes the places in some rows.
fn place(graph: &mut Graph, rows: &Range<usize>) {
    for row in graph.rows.get(rows.clone()).into_iter().flatten() {
        for (place, vertex) in row.iter().enumerate() {
            if let Some(vertex) = graph.vertices.get_mut(*vertex) {
                vertex.place = place;
            }
        }
    }
}

/// Of each vertex: the links in the gap above it, and in the gap below.
fn ends(graph: &Graph) -> Vec<[Vec<usize>; 2]> {
    let mut ends = vec![[Vec::new(), Vec::new()]; graph.vertices.len()];
    for (index, link) in graph.links.iter().enumerate() {
        for (vertex, side) in [(link.from, link.from_side), (link.to, link.to_side)] {
            let gap = usize::from(side == Side::Above);
            if let Some(list) = ends.get_mut(vertex).and_then(|ends| ends.get_mut(gap)) {
                list.push(index);
            }
        }
    }
    ends
}

/// Ends of a link on the rim of its gap, walked clockwise from the top left: two links cross
/// exactly when their ends alternate on the rim. So links that turn within a gap are counted, too.
fn rim(graph: &Graph, link: usize) -> (i64, i64) {
    let link = at(&graph.links, link);
    let point = |vertex: usize, side: Side| {
        let place = i64::try_from(graph.v(vertex).place).unwrap_or(0);
        match side {
            Side::Above => place,
            Side::Below => i64::from(i32::MAX) - place,
        }
    };
    let from = point(link.from, link.from_side);
    let to = point(link.to, link.to_side);
    (from.min(to), from.max(to))
}

fn cross(one: (i64, i64), two: (i64, i64)) -> bool {
    (one.0 < two.0 && two.0 < one.1 && one.1 < two.1)
        || (two.0 < one.0 && one.0 < two.1 && two.1 < one.1)
}

/// Crossings between some rows, and above and below them.
fn crossings(graph: &Graph, rows: &Range<usize>) -> usize {
    let gaps = graph.gaps.get(rows.start..=rows.end).unwrap_or_default();
    gaps.iter().map(|gap| in_gap(graph, gap)).sum()
}

fn in_gap(graph: &Graph, gap: &[usize]) -> usize {
    let mut rims: Vec<_> = gap.iter().map(|link| rim(graph, *link)).collect();
    rims.sort_unstable();
    let mut count = 0;
    for (index, &one) in rims.iter().enumerate() {
        let later = rims.get(index + 1..).unwrap_or_default();
        let near = later.iter().take_while(|two| two.0 < one.1);
        count += near.filter(|two| cross(one, **two)).count();
    }
    count
}

/// Sorts each row by the middle of what each vertex is linked to in the row before.
fn sweep(graph: &mut Graph, ends: &[[Vec<usize>; 2]], down: bool) {
    let count = graph.rows.len();
    for step in 0..count {
        let row = if down { step } else { count - 1 - step };
        let mut keyed: Vec<(i64, usize)> = Vec::new();
        for &vertex in graph.rows.get(row).into_iter().flatten() {
            let list = ends
                .get(vertex)
                .and_then(|ends| ends.get(usize::from(!down)));
            let mut places: Vec<_> = list
                .into_iter()
                .flatten()
                .map(|link| {
                    let link = at(&graph.links, *link);
                    let other = if link.from == vertex {
                        link.to
                    } else {
                        link.from
                    };
                    i64::try_from(graph.v(other).place).unwrap_or(0)
                })
                .collect();
            places.sort_unstable();
            let own = i64::try_from(graph.v(vertex).place).unwrap_or(0);
            let middle = match places.len() {
                0 => own * 2,
                length => at(&places, (length - 1) / 2) + at(&places, length / 2),
            };
            keyed.push((middle, vertex));
        }
        keyed.sort_by_key(|(middle, _)| *middle);
        for (place, (_, vertex)) in keyed.iter().enumerate() {
            if let Some(vertex) = graph.vertices.get_mut(*vertex) {
                vertex.place = place;
            }
        }
        let sorted = keyed.into_iter().map(|(_, vertex)| vertex).collect();
        set(&mut graph.rows, row, sorted);
    }
}

fn exchange_all(graph: &mut Graph, ends: &[[Vec<usize>; 2]], rows: &Range<usize>) {
    for _ in 0..EXCHANGES {
        if !transpose(graph, ends, rows) {
            break;
        }
    }
}

/// Exchanges neighbours where that saves crossings; says whether it did.
fn transpose(graph: &mut Graph, ends: &[[Vec<usize>; 2]], rows: &Range<usize>) -> bool {
    let mut better = false;
    for row in rows.clone() {
        let length = graph.rows.get(row).map_or(0, Vec::len);
        for place in 1..length {
            let Some(&[left, right]) = graph
                .rows
                .get(row)
                .and_then(|row| row.get(place - 1..=place))
                .and_then(|pair| pair.first_chunk::<2>())
            else {
                continue;
            };
            let before = between(graph, ends, left, right);
            if before == 0 {
                continue;
            }
            exchange(graph, left, right);
            if between(graph, ends, left, right) < before {
                better = true;
                if let Some(row) = graph.rows.get_mut(row) {
                    row.swap(place - 1, place);
                }
            } else {
                exchange(graph, left, right);
            }
        }
    }
    better
}

fn exchange(graph: &mut Graph, left: usize, right: usize) {
    let (one, two) = (graph.v(left).place, graph.v(right).place);
    for (vertex, place) in [(left, two), (right, one)] {
        if let Some(vertex) = graph.vertices.get_mut(vertex) {
            vertex.place = place;
        }
    }
}

/// Crossings between the links of two neighbours: only those change when they are exchanged.
fn between(graph: &Graph, ends: &[[Vec<usize>; 2]], left: usize, right: usize) -> usize {
    let mut count = 0;
    let (Some(left), Some(right)) = (ends.get(left), ends.get(right)) else {
        return 0;
    };
    for (ones, twos) in left.iter().zip(right) {
        for one in ones {
            let rim_of_one = rim(graph, *one);
            let others = twos.iter().filter(|two| *two != one);
            count += others
                .filter(|two| cross(rim_of_one, rim(graph, **two)))
                .count();
        }
    }
    count
}
